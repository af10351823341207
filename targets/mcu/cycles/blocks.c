/* A QEMU plugin that counts how often each translated block of Thumb code runs, and how often what lies behind it runs
 * next.
 *
 *     -plugin blocks.so,out=FILE[,step=ADDRESS,hook=ADDRESS,windows=COUNT]
 *
 * Without `step` the whole run is one window. With it, a window opens when the function at `step` is entered; whenever
 * the function at `hook` has been called, which itself is not counted, the next one opens, up to `windows` of them; the
 * last one closes when `step` returns. Both are called by BL. Addresses are hexadecimal. FILE gets a line for each block
 * and window in which it ran: window, address, instructions, address of the last one, runs, and how many of these runs
 * were followed by what lies 2 and 4 bytes behind that address. Which of them the last instruction's size is, the program
 * tells: QEMU 7.2 gives a wrong one where a page ends.
 *
 * QEMU translates a block again from the middle of it where an instruction talks to a device, so that blocks with such
 * instructions count too often. One processor is assumed.
 *
 * Debian ships no header of the plugin interface: what is used of it is declared here, after QEMU's documentation
 * ("QEMU TCG Plugins"). API_VERSION is the interface's version that the plugin asks for.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORTED __attribute__((visibility("default")))
#define NO_REGISTERS 0
#define BL_BYTES 4u

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*translated)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, void (*executed)(unsigned, void *), int flags,
                                          void *data);
void qemu_plugin_register_atexit_cb(plugin_id id, void (*ended)(plugin_id, void *), void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);

EXPORTED int qemu_plugin_version = API_VERSION;
EXPORTED int qemu_plugin_install(plugin_id id, const void *info, int count, char **arguments);

struct tally {
    uint64_t runs;
    uint64_t behind_2;
    uint64_t behind_4;
};

struct block {
    uint64_t address;
    uint64_t instructions;
    uint64_t last; /* instruction's address */
    struct block *next;
    struct tally tallies[]; /* one a window */
};

#define BUCKETS 4096u

static struct block *blocks[BUCKETS];
static const char *out;
static uint64_t step;
static uint64_t hook;
static size_t windows = 1;

#define NOWHERE UINT64_MAX

static int open_now = 1;
static int in_hook;
static size_t window;
static uint64_t step_returns = NOWHERE;
static uint64_t hook_returns = NOWHERE;
static uint64_t left; /* address of the instruction that ran last */
static struct tally uncounted;
static struct tally *tally = &uncounted;

/* Opens, closes and passes windows as the block at this address begins. */
static void follow(uint64_t address)
{
    if (step == 0) {
        return;
    }
    if (address == step) {
        open_now = 1;
        in_hook = 0;
        window = 0;
        step_returns = left + BL_BYTES;
    } else if (!open_now) {
        return;
    } else if (address == hook) {
        in_hook = 1;
        hook_returns = left + BL_BYTES;
    } else if (in_hook && address == hook_returns) {
        in_hook = 0;
        window += window + 1 < windows;
    } else if (address == step_returns) {
        open_now = 0;
    }
}

static void executed(unsigned processor, void *data)
{
    struct block *block = data;
    (void)processor;
    tally->behind_2 += block->address == left + 2;
    tally->behind_4 += block->address == left + 4;
    follow(block->address);
    tally = open_now && !in_hook ? &block->tallies[window] : &uncounted;
    tally->runs++;
    left = block->last;
}

static struct block *made(uint64_t address, uint64_t instructions, uint64_t last)
{
    struct block *block = calloc(1, sizeof(*block) + windows * sizeof(block->tallies[0]));
    if (block == NULL) {
        fputs("blocks: out of memory\n", stderr);
        exit(1);
    }
    block->address = address;
    block->instructions = instructions;
    block->last = last;
    return block;
}

/* The same code is translated more than once; what ends elsewhere is another block. */
static struct block *known(uint64_t address, uint64_t instructions, uint64_t last)
{
    struct block **place = &blocks[(address >> 1) % BUCKETS];
    while (*place != NULL) {
        if ((*place)->address == address && (*place)->last == last) {
            return *place;
        }
        place = &(*place)->next;
    }
    *place = made(address, instructions, last);
    return *place;
}

static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
    size_t instructions = qemu_plugin_tb_n_insns(tb);
    uint64_t last = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, instructions - 1));
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, executed, NO_REGISTERS,
                                         known(qemu_plugin_tb_vaddr(tb), instructions, last));
}

static void print(FILE *file, const struct block *block)
{
    for (size_t i = 0; i < windows; i++) {
        const struct tally *found = &block->tallies[i];
        if (found->runs != 0) {
            fprintf(file, "%zu %" PRIx64 " %" PRIu64 " %" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", i,
                    block->address, block->instructions, block->last, found->runs, found->behind_2, found->behind_4);
        }
    }
}

static void ended(plugin_id id, void *data)
{
    FILE *file = fopen(out, "w");
    (void)id;
    (void)data;
    if (file == NULL) {
        perror(out);
        return;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        for (const struct block *block = blocks[i]; block != NULL; block = block->next) {
            print(file, block);
        }
    }
    fputs("end\n", file);
    fclose(file);
}

/* The text behind "name=", or NULL where the argument has another name. */
static const char *value(const char *argument, const char *name)
{
    size_t length = strlen(name);
    return strncmp(argument, name, length) == 0 && argument[length] == '=' ? argument + length + 1 : NULL;
}

static int set(const char *argument)
{
    const char *text;
    if ((text = value(argument, "out")) != NULL) {
        out = strdup(text);
    } else if ((text = value(argument, "step")) != NULL) {
        step = strtoull(text, NULL, 16);
    } else if ((text = value(argument, "hook")) != NULL) {
        hook = strtoull(text, NULL, 16);
    } else if ((text = value(argument, "windows")) != NULL) {
        windows = strtoul(text, NULL, 10);
    } else {
        return -1;
    }
    return 0;
}

int qemu_plugin_install(plugin_id id, const void *info, int count, char **arguments)
{
    (void)info;
    for (int i = 0; i < count; i++) {
        if (set(arguments[i]) != 0) {
            fprintf(stderr, "blocks: unknown argument %s\n", arguments[i]);
            return -1;
        }
    }
    if (out == NULL || windows == 0) {
        fputs("blocks: out=FILE is missing, or there are no windows\n", stderr);
        return -1;
    }
    open_now = step == 0;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
