/* A small generator (splitmix64): one word of state, so that each person can keep their own. */
#include "sim.h"

#define STEP UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t n)
{
    n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
    return n ^ n >> 31;
}

uint64_t dice_seed(uint64_t seed, uint64_t of)
{
    return mix(mix(seed + STEP) ^ mix(of * STEP + 1));
}

uint32_t dice_below(uint64_t *dice, uint32_t n)
{
    *dice += STEP;
    return (uint32_t)((mix(*dice) >> 32) * n >> 32);
}

int32_t dice_between(uint64_t *dice, int32_t low, int32_t high)
{
    return high <= low ? low : low + (int32_t)dice_below(dice, (uint32_t)(high - low + 1));
}

bool dice_percent(uint64_t *dice, uint32_t percent)
{
    return dice_below(dice, 100) < percent;
}

bool dice_permille(uint64_t *dice, uint32_t permille)
{
    return dice_below(dice, 1000) < permille;
}

unsigned dice_weighted(uint64_t *dice, const uint8_t *weights, unsigned count)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += weights[i];
    uint32_t drawn = dice_below(dice, sum);
    for (unsigned i = 0; i + 1 < count; i++) {
        if (drawn < weights[i])
            return i;
        drawn -= weights[i];
    }
    return count - 1;
}

#define LATE_PERCENT 9
#define PUT_OFF_PERCENT 3

int32_t dice_punctual(uint64_t *dice, struct days in_time, struct days late, struct days put_off)
{
    uint32_t drawn = dice_below(dice, 100);
    struct days d = drawn < PUT_OFF_PERCENT ? put_off : drawn < PUT_OFF_PERCENT + LATE_PERCENT ? late : in_time;
    return dice_between(dice, d.low, d.high);
}
