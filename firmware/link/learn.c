#include "esnn_link_model.h"
#include "learning.h"
#include "protocol.h"
#include "verbs.h"
#include "wire.h"

#ifdef ESNN_LINK_LEARNS

static uint16_t list[ESNN_LINK_INPUT_SIZE]; /* the spikes of the step that is being sent */
static uint32_t listed;
static uint8_t learns;   /* switched on */
static uint8_t labelled; /* the sample is over: the next spikes are another's */

void esnn_link_learn_start(void)
{
    esnn_link_calibrate_learning();
    esnn_link_model_start();
    learns = 0;
}

void esnn_link_learn_reset(void)
{
    esnn_link_effort.forward = 0;
    esnn_link_effort.backward = 0;
    esnn_link_effort.update = 0;
    listed = 0;
    labelled = 0;
}

/* Inputs of a step come in rising order, so that none comes twice and all fit the list. */
static uint8_t add_inputs(const uint8_t *from, uint32_t count, uint8_t *body, size_t *size)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint16_t input = esnn_link_get16(from + 2u * i);

        if (input >= ESNN_LINK_INPUT_SIZE || (listed > 0u && input <= list[listed - 1u])) {
            *size = (size_t)(esnn_link_put32(body, input) - body);
            return ESNN_LINK_BAD_INPUT;
        }
        list[listed++] = input;
    }
    return ESNN_LINK_OK;
}

static void take_steps(uint32_t steps)
{
    for (; steps > 0u; steps--) {
        esnn_link_count_spikes(list, listed);
        listed = 0;
    }
}

uint8_t esnn_link_spikes(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    const uint8_t *record = request->body;
    const uint8_t *const end = request->body + request->size;

    if (labelled) {
        esnn_link_model_reset();
        esnn_link_learn_reset();
    }
    while (record < end) {
        if (end - record < 2 || end - record - 2 < 2 * record[0]) {
            return ESNN_LINK_BAD_LENGTH;
        }
        const uint8_t status = add_inputs(record + 2, record[0], body, size);
        if (status != ESNN_LINK_OK) {
            return status;
        }
        take_steps(record[1]);
        record += 2 + 2 * record[0];
    }
    return ESNN_LINK_OK;
}

static uint8_t learn(int label)
{
    const uint64_t before = esnn_link_model_tally()->learned;

    esnn_link_count_backward(label);
    esnn_link_count_update();
    return esnn_link_model_tally()->learned != before;
}

uint8_t esnn_link_label(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    if (request->size != 2) {
        return ESNN_LINK_BAD_LENGTH;
    }
    const uint16_t label = esnn_link_get16(request->body);
    if (label >= ESNN_LINK_OUTPUT_SIZE) {
        return ESNN_LINK_BAD_RANGE;
    }
    if (labelled) {
        return ESNN_LINK_NOT_NOW;
    }
    labelled = 1;
    esnn_link_count_end();
    uint8_t *end = esnn_link_put32(body, (uint32_t)esnn_link_model_decide());
    end = esnn_link_put8(end, learns ? learn((int)label) : 0);
    end = esnn_link_put64(end, esnn_link_effort.forward);
    end = esnn_link_put32(end, esnn_link_effort.backward);
    end = esnn_link_put32(end, esnn_link_effort.update);
    *size = (size_t)(end - body);
    return ESNN_LINK_OK;
}

uint8_t esnn_link_learning(const struct esnn_link_request *request)
{
    if (request->size != 1) {
        return ESNN_LINK_BAD_LENGTH;
    }
    switch (request->body[0]) {
    case ESNN_LINK_LEARN_OFF:
    case ESNN_LINK_LEARN_ON:
        learns = request->body[0];
        return ESNN_LINK_OK;
    case ESNN_LINK_LEARN_AFRESH:
        esnn_link_model_start();
        esnn_link_learn_reset();
        return ESNN_LINK_OK;
    default:
        return ESNN_LINK_BAD_RANGE;
    }
}

const uint8_t *esnn_link_learned(uint8_t area)
{
    switch (area) {
    case ESNN_LINK_AREA_WEIGHTS:
        return (const uint8_t *)esnn_link_model_weights();
    case ESNN_LINK_AREA_MASTERS:
        return (const uint8_t *)esnn_link_model_masters();
    case ESNN_LINK_AREA_THRESHOLDS:
        return (const uint8_t *)esnn_link_model_thresholds();
    default:
        return (const uint8_t *)esnn_link_model_tally();
    }
}

uint32_t esnn_link_learned_bytes(uint8_t area)
{
    switch (area) {
    case ESNN_LINK_AREA_WEIGHTS:
        return ESNN_LINK_WEIGHTS;
    case ESNN_LINK_AREA_MASTERS:
        return 2u * ESNN_LINK_MASTERS;
    case ESNN_LINK_AREA_THRESHOLDS:
        return ESNN_LINK_LAYERS * (uint32_t)sizeof(*esnn_link_model_thresholds());
    case ESNN_LINK_AREA_TALLY:
        return sizeof(*esnn_link_model_tally());
    default:
        return 0;
    }
}

#endif
