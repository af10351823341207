#include "verbs.h"

#include "crc32.h"
#include "esnn_link_model.h"
#include "observe.h"
#include "progress.h"
#include "timing.h"
#include "wire.h"

struct esnn_link_progress esnn_link_progress;

static uint32_t digest_state(uint32_t digest)
{
#if ESNN_LINK_STATE_BYTES > 0
    return esnn_link_crc32(digest, esnn_link_model_state(), ESNN_LINK_STATE_BYTES);
#else
    return digest;
#endif
}

static void reset(void)
{
    esnn_link_model_reset();
    esnn_link_progress.steps = 0;
    esnn_link_progress.total = 0;
    for (size_t i = 0; i < ESNN_LINK_NODES; i++) {
        esnn_link_node_counts[i] = 0;
    }
    for (size_t i = 0; i < ESNN_LINK_OUTPUT_SIZE; i++) {
        esnn_link_output[i] = 0;
    }
}

static uint32_t step(uint8_t modes, uint32_t digest)
{
    esnn_link_observe_begin(modes, digest);
    esnn_link_progress.total += esnn_link_time_step();
    esnn_link_progress.steps++;
    digest = esnn_link_observe_end();
    return (modes & ESNN_LINK_DIGEST) != 0 ? digest_state(digest) : digest;
}

/* digest u32, count u64, decision u32, as many outputs i32 as fit; the rest can be read. */
static size_t describe(uint8_t *body, uint32_t digest, uint64_t count)
{
    uint8_t *end = esnn_link_put64(esnn_link_put32(body, digest), count);
    end = esnn_link_put32(end, (uint32_t)esnn_link_model_decide());
    for (size_t i = 0; i < ESNN_LINK_OUTPUT_SIZE && end + 4 <= body + ESNN_LINK_BODY_BYTES; i++) {
        end = esnn_link_put32(end, (uint32_t)esnn_link_output[i]);
    }
    return (size_t)(end - body);
}

static void carry_out_step(const struct esnn_link_request *request)
{
    if (request->size != 1 || request->body[0] > ESNN_LINK_MODES) {
        esnn_link_reply(request, request->size == 1 ? ESNN_LINK_BAD_RANGE : ESNN_LINK_BAD_LENGTH, 0);
        return;
    }
    uint8_t modes = request->body[0];
    esnn_link_waiting = *request;
    uint64_t before = esnn_link_progress.total;
    uint32_t digest = step(modes, 0);
    if (esnn_link_waiting.verb == ESNN_LINK_RESET) {
        reset();
        esnn_link_reply(&esnn_link_waiting, ESNN_LINK_OK, 0);
        return;
    }
    size_t size = describe(esnn_link_body(), digest, esnn_link_progress.total - before);
    esnn_link_reply(&esnn_link_waiting, ESNN_LINK_OK, size);
}

static uint8_t run(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    if (request->size != 5) {
        return ESNN_LINK_BAD_LENGTH;
    }
    uint8_t modes = request->body[0];
    uint32_t steps = esnn_link_get32(request->body + 1);
    if (modes > ESNN_LINK_MODES || (modes & ESNN_LINK_STOP) != 0 || steps == 0 || steps > ESNN_LINK_MOST_STEPS) {
        return ESNN_LINK_BAD_RANGE;
    }
    reset();
    uint32_t digest = 0;
    for (uint32_t i = 0; i < steps; i++) {
        digest = step(modes, digest);
    }
    *size = describe(body, digest, esnn_link_progress.total);
    return ESNN_LINK_OK;
}

void esnn_link_verbs_start(void)
{
    for (size_t i = 0; i < ESNN_LINK_INPUT_SIZE; i++) {
        esnn_link_input[i] = ESNN_LINK_INPUT_LOW;
    }
    esnn_link_calibrate();
    reset();
}

static uint8_t plain(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    switch (request->verb) {
    case ESNN_LINK_IDENTIFY:
        return esnn_link_identify(body, size);
    case ESNN_LINK_COUNTERS:
        return esnn_link_counters(body, size);
    case ESNN_LINK_STACK:
        return esnn_link_stack(body, size);
    case ESNN_LINK_RESET:
        reset();
        return ESNN_LINK_OK;
    case ESNN_LINK_RESUME:
        return ESNN_LINK_NOT_NOW;
    default:
        return ESNN_LINK_BAD_VERB;
    }
}

void esnn_link_carry_out(struct esnn_link_request *request)
{
    uint8_t status;
    size_t size = 0;
    switch (request->verb) {
    case ESNN_LINK_STEP:
        carry_out_step(request);
        return;
    case ESNN_LINK_LOAD:
        status = esnn_link_load(request, esnn_link_body(), &size);
        break;
    case ESNN_LINK_LOAD_RUNS:
        status = esnn_link_load_runs(request, esnn_link_body(), &size);
        break;
    case ESNN_LINK_RUN:
        status = run(request, esnn_link_body(), &size);
        break;
    case ESNN_LINK_READ:
        status = esnn_link_read(request, esnn_link_body(), &size);
        break;
    default:
        status = request->size == 0 ? plain(request, esnn_link_body(), &size) : (uint8_t)ESNN_LINK_BAD_LENGTH;
    }
    esnn_link_reply(request, status, size);
}
