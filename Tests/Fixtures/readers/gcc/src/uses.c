#include "uses.h"

int main(void) { return helper(); }
