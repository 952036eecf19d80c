static int helper(void) { return nothing; }
