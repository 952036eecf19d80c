#include "build.h"

// A file of its own: another commit compiles nothing else.
#ifdef GRAFT_BUILD_COMMIT
#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)
#define BUILD TEXT(GRAFT_BUILD_COMMIT) ", " TEXT(GRAFT_BUILD_DATE)
#else
#define BUILD ""
#endif

const char *graft_build(void) { return BUILD; }
