#pragma once
#include <curl/curl.h>

// libcurl is opened at run time, so its variadic functions, which Swift cannot call, come as addresses.

typedef CURLcode (*graft_curl_easy_setopt)(CURL *, CURLoption, ...);
typedef CURLcode (*graft_curl_easy_getinfo)(CURL *, CURLINFO, ...);
typedef size_t (*graft_curl_write)(char *bytes, size_t size, size_t count, void *user);

typedef int (*graft_curl_sockopt)(void *user, curl_socket_t socket, curlsocktype purpose);

static inline CURLcode graft_curl_set_sockopt(void *setopt, CURL *handle, graft_curl_sockopt value) {
    return ((graft_curl_easy_setopt)setopt)(handle, CURLOPT_SOCKOPTFUNCTION, value);
}

static inline CURLcode graft_curl_set_long(void *setopt, CURL *handle, CURLoption option, long value) {
    return ((graft_curl_easy_setopt)setopt)(handle, option, value);
}

static inline CURLcode graft_curl_set_offset(void *setopt, CURL *handle, CURLoption option, curl_off_t value) {
    return ((graft_curl_easy_setopt)setopt)(handle, option, value);
}

static inline CURLcode graft_curl_set_text(void *setopt, CURL *handle, CURLoption option, const char *value) {
    return ((graft_curl_easy_setopt)setopt)(handle, option, value);
}

static inline CURLcode graft_curl_set_pointer(void *setopt, CURL *handle, CURLoption option, void *value) {
    return ((graft_curl_easy_setopt)setopt)(handle, option, value);
}

static inline CURLcode graft_curl_set_write(void *setopt, CURL *handle, CURLoption option, graft_curl_write value) {
    return ((graft_curl_easy_setopt)setopt)(handle, option, value);
}

static inline CURLcode graft_curl_get_long(void *getinfo, CURL *handle, CURLINFO info, long *value) {
    return ((graft_curl_easy_getinfo)getinfo)(handle, info, value);
}

static inline CURLcode graft_curl_get_offset(void *getinfo, CURL *handle, CURLINFO info, curl_off_t *value) {
    return ((graft_curl_easy_getinfo)getinfo)(handle, info, value);
}
