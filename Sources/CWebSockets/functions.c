#include "shim.h"

#include "graft_load.h"

// libwebsockets 4.1 has the ABI 17, 4.2 has 18, and so on.
#if LWS_LIBRARY_VERSION_MAJOR != 4
#error "name the ABI of this libwebsockets"
#elif LWS_LIBRARY_VERSION_MINOR == 1
#define SONAME "libwebsockets.so.17"
#elif LWS_LIBRARY_VERSION_MINOR == 2
#define SONAME "libwebsockets.so.18"
#elif LWS_LIBRARY_VERSION_MINOR == 3
#define SONAME "libwebsockets.so.19"
#else
#define SONAME "libwebsockets.so.20"
#endif

__attribute__((visibility("hidden"))) struct graft_library graft_libwebsockets = {.name = SONAME};

const char *graft_websockets_load(void) {
    return graft_load(&graft_libwebsockets);
}

// The functions that are called; the linker tells of one that is missing here.
#define CALLED(name) GRAFT_LOADED(graft_libwebsockets, name)
// Those of OpenSSL are found with those of the library that needs it.
CALLED(CRYPTO_free)
CALLED(SSL_CTX_get0_param)
CALLED(SSL_CTX_set_info_callback)
CALLED(SSL_ctrl)
CALLED(SSL_get0_param)
CALLED(X509_VERIFY_PARAM_get1_ip_asc)
CALLED(X509_VERIFY_PARAM_set1_host)
CALLED(X509_VERIFY_PARAM_set1_ip_asc)
CALLED(lws_add_http_header_by_name)
CALLED(lws_callback_on_writable)
CALLED(lws_cancel_service)
CALLED(lws_client_connect_via_info)
CALLED(lws_close_reason)
CALLED(lws_context_destroy)
CALLED(lws_context_user)
CALLED(lws_create_context)
CALLED(lws_create_vhost)
CALLED(lws_frame_is_binary)
CALLED(lws_get_context)
CALLED(lws_get_library_version)
CALLED(lws_get_ssl)
CALLED(lws_get_socket_fd)
CALLED(lws_get_vhost_by_name)
CALLED(lws_get_vhost_listen_port)
CALLED(lws_hdr_copy)
CALLED(lws_hdr_copy_fragment)
CALLED(lws_hdr_custom_copy)
CALLED(lws_hdr_custom_length)
CALLED(lws_hdr_total_length)
CALLED(lws_http_client_http_response)
CALLED(lws_http_transaction_completed)
CALLED(lws_is_final_fragment)
CALLED(lws_partial_buffered)
CALLED(lws_remaining_packet_payload)
CALLED(lws_rx_flow_control)
CALLED(lws_send_pipe_choked)
CALLED(lws_service)
CALLED(lws_set_log_level)
CALLED(lws_set_timeout)
CALLED(lws_set_timer_usecs)
CALLED(lws_validity_confirmed)
CALLED(lws_write)
CALLED(lwsl_visible)

// libwebsockets cuts what it expects at the first colon, and has the rest of an IPv6 address checked as a name.
static void forget_name(const SSL *tls, int event, int value) {
    (void)value;
    if (!(event & SSL_CB_HANDSHAKE_START)) return;
    X509_VERIFY_PARAM *expected = SSL_get0_param((SSL *)tls);
    // Without an address nothing would be checked: what is wrong stays, and the handshake fails.
    char *address = X509_VERIFY_PARAM_get1_ip_asc(expected);
    if (!address) return;
    OPENSSL_free(address);
    X509_VERIFY_PARAM_set1_host(expected, NULL, 0);
    SSL_set_tlsext_host_name((SSL *)tls, NULL);
}

void graft_websockets_expect_address(void *context, const char *address) {
    // What is set here each handshake of the context begins with.
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(context), address))
        SSL_CTX_set_info_callback(context, forget_name);
}
