#ifndef GRAFT_BUILD_H
#define GRAFT_BUILD_H

/// What the program was built from, as "COMMIT, DATE"; empty if the build did not say.
const char *graft_build(void);

#endif
