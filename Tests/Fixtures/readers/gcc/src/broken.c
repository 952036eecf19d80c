#include <stdio.h>

struct point { int x, y; };

int main(void) {
    struct point p = {1, 2};
    int unused;
    printf("%d\n", p.z);
    undeclared = 3;
    return missing_semicolon
}
