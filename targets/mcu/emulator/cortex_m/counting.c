/* Called by unicorn whenever a basic block of Thumb code is entered: adds its instructions to those counted. */
#include <stdint.h>

#ifdef _WIN32
#define EXPORTED __declspec(dllexport)

/* Without the C library there is no other entry. */
int DllMainCRTStartup(void *module, uint32_t reason, void *reserved);
int DllMainCRTStartup(void *module, uint32_t reason, void *reserved)
{
    (void)module;
    (void)reason;
    (void)reserved;
    return 1;
}
#else
#define EXPORTED
#endif

struct count {
    const uint8_t *code; /* the flash's content, from `origin` on */
    uint64_t origin;
    uint64_t end; /* the address behind the last block */
    uint64_t entered;
};

EXPORTED void esnn_count_block(void *engine, uint64_t address, uint32_t size, struct count *count);
EXPORTED void esnn_count_block(void *engine, uint64_t address, uint32_t size, struct count *count)
{
    const uint8_t *at = count->code + (address - count->origin);
    const uint8_t *end = at + size;
    (void)engine;
    while (at < end) {
        at += at[1] >= 0xe8 ? 4 : 2; /* a halfword from 0xe800 on is the first of two */
        count->entered++;
    }
    count->end = address + size;
}
