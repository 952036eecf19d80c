#include "shim.h"

#include "graft_load.h"

// The ABI has been 1 since version 1.95.
__attribute__((visibility("hidden"))) struct graft_library graft_libexpat = {.name = "libexpat.so.1"};

const char *graft_expat_load(void) {
    return graft_load(&graft_libexpat);
}

// The functions that are called; the linker tells of one that is missing here.
#define CALLED(name) GRAFT_LOADED(graft_libexpat, name)
CALLED(XML_ErrorString)
CALLED(XML_GetCurrentLineNumber)
CALLED(XML_GetErrorCode)
CALLED(XML_Parse)
CALLED(XML_ParserCreate)
CALLED(XML_ParserFree)
CALLED(XML_SetCharacterDataHandler)
CALLED(XML_SetElementHandler)
CALLED(XML_SetEntityDeclHandler)
CALLED(XML_SetUnknownEncodingHandler)
CALLED(XML_SetUserData)
CALLED(XML_StopParser)
