#pragma once

// Functions of a shared library that is loaded when the first of them is called.
//
// Linking a library would have every start load it with all that it needs: libgit2 and libwebsockets bring sixteen
// others, and take longer than the rest of `graft --version`.

/// A library, by the name that its ABI has (soname, dlopen(3)).
struct graft_library {
    const char *name;
    void *handle;
};

/// A function of a library: its address, which is that of code that loads it until it has been called.
struct graft_function {
    void *address;
    const char *name;
    struct graft_library *library;
};

/// Loads a library; the reason if that fails, else NULL.
const char *graft_load(struct graft_library *library);

// Each function is a jump through its address. Register and stack stay as the caller has set them, so that the
// declarations of the library's own headers serve, variadic ones included.
#if defined(__x86_64__)
#define GRAFT_JUMP(name) \
    "    jmp *graft_function_" name "(%rip)\n" \
    "graft_first_" name ":\n" \
    "    leaq graft_function_" name "(%rip), %r11\n" \
    "    jmp graft_load_and_jump\n"
#elif defined(__aarch64__)
#define GRAFT_JUMP(name) \
    "    adrp x16, graft_function_" name "\n" \
    "    ldr x17, [x16, :lo12:graft_function_" name "]\n" \
    "    br x17\n" \
    "graft_first_" name ":\n" \
    "    adrp x16, graft_function_" name "\n" \
    "    add x16, x16, :lo12:graft_function_" name "\n" \
    "    b graft_load_and_jump\n"
#else
#error "write GRAFT_JUMP and graft_load_and_jump for this processor"
#endif

/// Defines one function; `library` names a global `struct graft_library`.
#define GRAFT_LOADED(library, name) GRAFT_LOADED_TEXT(#library, #name)
#define GRAFT_LOADED_TEXT(library, name) \
    __asm__(".pushsection .text." name ", \"ax\", %progbits\n" \
            ".globl " name "\n" \
            ".hidden " name "\n" \
            ".type " name ", %function\n" \
            name ":\n" \
            GRAFT_JUMP(name) \
            ".size " name ", . - " name "\n" \
            ".popsection\n" \
            ".pushsection .rodata." name ", \"a\", %progbits\n" \
            "graft_name_" name ": .asciz \"" name "\"\n" \
            ".popsection\n" \
            ".pushsection .data." name ", \"aw\", %progbits\n" \
            ".balign 8\n" \
            "graft_function_" name ": .quad graft_first_" name ", graft_name_" name ", " library "\n" \
            ".popsection\n");
