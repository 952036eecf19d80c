#pragma once
#include <expat.h>

/// Loads expat; the reason if that fails, else NULL. Otherwise the first call does it.
const char *graft_expat_load(void);
