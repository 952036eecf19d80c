int first(void) {
    int unused = 1;
    return 2;
}
