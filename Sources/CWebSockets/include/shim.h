#pragma once
#include <libwebsockets.h>

// LWS_PRE is an expression macro, which Swift does not import.
enum { GRAFT_LWS_PRE = LWS_PRE };

/// Loads libwebsockets; the reason if that fails, else NULL. Otherwise the first call does it.
const char *graft_websockets_load(void);
