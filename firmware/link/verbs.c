#include "verbs.h"

#include "crc32.h"
#include "esnn_link_model.h"
#include "hearing.h"
#include "observe.h"
#include "port.h"
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
    esnn_link_hear_reset();
#ifdef ESNN_LINK_LEARNS
    esnn_link_learn_reset();
#endif
    esnn_link_progress.steps = 0;
    esnn_link_progress.total = 0;
    esnn_link_progress.digest = 0;
    for (size_t i = 0; i < ESNN_LINK_NODES; i++) {
        esnn_link_node_counts[i] = 0;
    }
    for (size_t i = 0; i < ESNN_LINK_OUTPUT_SIZE; i++) {
        esnn_link_output[i] = 0;
    }
}

void esnn_link_step(uint8_t modes)
{
    esnn_link_observe_begin(modes, esnn_link_progress.digest);
    esnn_link_progress.total += esnn_link_time_step();
    esnn_link_progress.steps++;
    uint32_t digest = esnn_link_observe_end();
    if ((modes & ESNN_LINK_DIGEST) != 0) {
        esnn_link_progress.digest = digest_state(digest);
    }
}

uint8_t *esnn_link_describe(uint8_t *to)
{
    const uint8_t *limit = esnn_link_body() + ESNN_LINK_BODY_BYTES;
    uint8_t *end = esnn_link_put64(esnn_link_put32(to, esnn_link_progress.digest), esnn_link_progress.total);
    end = esnn_link_put32(end, (uint32_t)esnn_link_model_decide());
    for (size_t i = 0; i < ESNN_LINK_OUTPUT_SIZE && end + 4 <= limit; i++) {
        end = esnn_link_put32(end, (uint32_t)esnn_link_output[i]);
    }
    return end;
}

static size_t describe(uint8_t *body)
{
    return (size_t)(esnn_link_describe(body) - body);
}

static void carry_out_step(const struct esnn_link_request *request)
{
    if (request->size != 1 || request->body[0] > ESNN_LINK_MODES) {
        esnn_link_reply(request, request->size == 1 ? ESNN_LINK_BAD_RANGE : ESNN_LINK_BAD_LENGTH, 0);
        return;
    }
    esnn_link_waiting = *request;
    esnn_port_marker(1);
    esnn_link_step(request->body[0]);
    esnn_port_marker(0);
    if (esnn_link_waiting.verb == ESNN_LINK_RESET) {
        reset();
        esnn_link_reply(&esnn_link_waiting, ESNN_LINK_OK, 0);
        return;
    }
    esnn_link_reply(&esnn_link_waiting, ESNN_LINK_OK, describe(esnn_link_body()));
}

/* So many times: reset, then steps. The marker's edges lie outside of what is counted. */
static void run_marked(uint32_t times, uint32_t steps, uint8_t modes)
{
    esnn_port_marker(1);
    for (uint32_t i = 0; i < times; i++) {
        reset();
        for (uint32_t step = 0; step < steps; step++) {
            esnn_link_step(modes);
        }
    }
    esnn_port_marker(0);
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
    run_marked(1, steps, modes);
    *size = describe(body);
    return ESNN_LINK_OK;
}

static uint8_t repeat(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    if (request->size != 8) {
        return ESNN_LINK_BAD_LENGTH;
    }
    uint32_t times = esnn_link_get32(request->body);
    uint32_t steps = esnn_link_get32(request->body + 4);
    if (times == 0 || steps == 0 || steps > ESNN_LINK_MOST_STEPS) {
        return ESNN_LINK_BAD_RANGE;
    }
    run_marked(times, steps, 0);
    *size = describe(body);
    return ESNN_LINK_OK;
}

void esnn_link_verbs_start(void)
{
    for (size_t i = 0; i < ESNN_LINK_INPUT_SIZE; i++) {
        esnn_link_input[i] = ESNN_LINK_INPUT_LOW;
    }
    esnn_link_calibrate();
    esnn_link_calibrate_hearing();
#ifdef ESNN_LINK_LEARNS
    esnn_link_learn_start();
#endif
#ifdef ESNN_LINK_STORES
    size_t size;
    (void)esnn_link_recall(esnn_link_body(), &size);
#endif
    reset();
}

#ifdef ESNN_LINK_STORES
/* What has come into memory is learned; the sample that was being shown has gone. */
static uint8_t recall(uint8_t *body, size_t *size)
{
    const uint8_t status = esnn_link_recall(body, size);

    if (status == ESNN_LINK_OK) {
        reset();
    }
    return status;
}
#endif

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
#ifdef ESNN_LINK_STORES
    case ESNN_LINK_STORE:
        return esnn_link_store();
    case ESNN_LINK_RECALL:
        return recall(body, size);
    case ESNN_LINK_STORED:
        return esnn_link_stored(body, size);
#endif
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
    case ESNN_LINK_HEAR:
        status = esnn_link_hear(request, esnn_link_body(), &size);
        break;
    case ESNN_LINK_HEAR_END:
        status = esnn_link_hear_end(request, esnn_link_body(), &size);
        break;
    case ESNN_LINK_RUN:
        status = run(request, esnn_link_body(), &size);
        break;
    case ESNN_LINK_REPEAT:
        status = repeat(request, esnn_link_body(), &size);
        break;
    case ESNN_LINK_READ:
        status = esnn_link_read(request, esnn_link_body(), &size);
        break;
    case ESNN_LINK_WRITE:
        status = esnn_link_write(request);
        break;
#ifdef ESNN_LINK_LEARNS
    case ESNN_LINK_SPIKES:
        status = esnn_link_spikes(request, esnn_link_body(), &size);
        break;
    case ESNN_LINK_LABEL:
        status = esnn_link_label(request, esnn_link_body(), &size);
        break;
    case ESNN_LINK_LEARNING:
        status = esnn_link_learning(request);
        break;
#endif
    default:
        status = request->size == 0 ? plain(request, esnn_link_body(), &size) : (uint8_t)ESNN_LINK_BAD_LENGTH;
    }
    esnn_link_reply(request, status, size);
}
