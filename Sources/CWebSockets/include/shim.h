#pragma once
#include <libwebsockets.h>

// LWS_PRE is an expression macro, which Swift does not import.
enum { GRAFT_LWS_PRE = LWS_PRE };

/// Has the certificates that a client is shown be for an address; `context` is its `SSL_CTX`.
///
/// The server is told no name then, which an address is not (RFC 6066, section 3).
void graft_websockets_expect_address(void *context, const char *address);

/// Loads libwebsockets; the reason if that fails, else NULL. Otherwise the first call does it.
const char *graft_websockets_load(void);
