#include "graft_load.h"

#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

const char *graft_load(struct graft_library *library) {
    if (__atomic_load_n(&library->handle, __ATOMIC_ACQUIRE)) return NULL;
    // Two threads get the same handle.
    void *handle = dlopen(library->name, RTLD_LAZY | RTLD_LOCAL);
    if (!handle) return dlerror();
    __atomic_store_n(&library->handle, handle, __ATOMIC_RELEASE);
    return NULL;
}

/// Finds a function that is called for the first time. Without it nothing can go on, as when a linked library is missing.
__attribute__((used, visibility("hidden"))) void *graft_address(struct graft_function *function) {
    const char *trouble = graft_load(function->library);
    void *address = trouble ? NULL : dlsym(function->library->handle, function->name);
    if (!address) {
        dprintf(STDERR_FILENO, "graft: %s\n", trouble ? trouble : dlerror());
        _exit(127);
    }
    __atomic_store_n(&function->address, address, __ATOMIC_RELEASE);
    return address;
}

// Keeps all registers that can hold arguments (System V ABI for x86-64, "Parameter Passing"; AAPCS64, "Parameters").
#if defined(__x86_64__)
__asm__(".text\n"
        ".globl graft_load_and_jump\n"
        ".hidden graft_load_and_jump\n"
        ".type graft_load_and_jump, @function\n"
        "graft_load_and_jump:\n"
        "    pushq %rbp\n"
        "    movq %rsp, %rbp\n"
        "    pushq %rax\n"
        "    pushq %rdi\n"
        "    pushq %rsi\n"
        "    pushq %rdx\n"
        "    pushq %rcx\n"
        "    pushq %r8\n"
        "    pushq %r9\n"
        "    pushq %r10\n"
        "    subq $128, %rsp\n"
        "    movups %xmm0, (%rsp)\n"
        "    movups %xmm1, 16(%rsp)\n"
        "    movups %xmm2, 32(%rsp)\n"
        "    movups %xmm3, 48(%rsp)\n"
        "    movups %xmm4, 64(%rsp)\n"
        "    movups %xmm5, 80(%rsp)\n"
        "    movups %xmm6, 96(%rsp)\n"
        "    movups %xmm7, 112(%rsp)\n"
        "    movq %r11, %rdi\n"
        "    call graft_address\n"
        "    movq %rax, %r11\n"
        "    movups (%rsp), %xmm0\n"
        "    movups 16(%rsp), %xmm1\n"
        "    movups 32(%rsp), %xmm2\n"
        "    movups 48(%rsp), %xmm3\n"
        "    movups 64(%rsp), %xmm4\n"
        "    movups 80(%rsp), %xmm5\n"
        "    movups 96(%rsp), %xmm6\n"
        "    movups 112(%rsp), %xmm7\n"
        "    addq $128, %rsp\n"
        "    popq %r10\n"
        "    popq %r9\n"
        "    popq %r8\n"
        "    popq %rcx\n"
        "    popq %rdx\n"
        "    popq %rsi\n"
        "    popq %rdi\n"
        "    popq %rax\n"
        "    popq %rbp\n"
        "    jmp *%r11\n"
        ".size graft_load_and_jump, . - graft_load_and_jump\n");
#elif defined(__aarch64__)
__asm__(".text\n"
        ".globl graft_load_and_jump\n"
        ".hidden graft_load_and_jump\n"
        ".type graft_load_and_jump, %function\n"
        "graft_load_and_jump:\n"
        "    stp x29, x30, [sp, #-224]!\n"
        "    mov x29, sp\n"
        "    stp x0, x1, [sp, #16]\n"
        "    stp x2, x3, [sp, #32]\n"
        "    stp x4, x5, [sp, #48]\n"
        "    stp x6, x7, [sp, #64]\n"
        "    str x8, [sp, #80]\n"
        "    stp q0, q1, [sp, #96]\n"
        "    stp q2, q3, [sp, #128]\n"
        "    stp q4, q5, [sp, #160]\n"
        "    stp q6, q7, [sp, #192]\n"
        "    mov x0, x16\n"
        "    bl graft_address\n"
        "    mov x17, x0\n"
        "    ldp q6, q7, [sp, #192]\n"
        "    ldp q4, q5, [sp, #160]\n"
        "    ldp q2, q3, [sp, #128]\n"
        "    ldp q0, q1, [sp, #96]\n"
        "    ldr x8, [sp, #80]\n"
        "    ldp x6, x7, [sp, #64]\n"
        "    ldp x4, x5, [sp, #48]\n"
        "    ldp x2, x3, [sp, #32]\n"
        "    ldp x0, x1, [sp, #16]\n"
        "    ldp x29, x30, [sp], #224\n"
        "    br x17\n"
        ".size graft_load_and_jump, . - graft_load_and_jump\n");
#endif
