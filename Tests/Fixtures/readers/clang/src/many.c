int a = x1;
int b = x2;
int c = x3;
int d = x4;
