#pragma once
#include <libwebsockets.h>

// LWS_PRE is an expression macro, which Swift does not import.
enum { GRAFT_LWS_PRE = LWS_PRE };
