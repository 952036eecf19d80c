#include "not/there.h"
int x;
