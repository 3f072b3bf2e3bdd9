#include "deliveries_inside.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../events/failure.h"
#include "workers.h"

#define SLEEP_MS 5000           /* at most: instants that no commit announces */
#define PAUSE_MS 20             /* after what the log brought: commits come together */
#define COMMANDS_BYTES (16u << 20)
#define READING_BYTES (512u << 20)

/* ---- the loop ---- */
static bool scan_due(const struct deliveries *d)
{
    bool day_changed = d->scanned_day != service_today(d->service);
    return (d->scan_wanted || day_changed) && service_elapsed_ms() - d->scanned_ms >= d->scan_pause_ms;
}

static int sleep_ms(const struct deliveries *d)
{
    int64_t now = service_clock_ms(d->service), ms = SLEEP_MS;
    int64_t scan_ms = d->scanned_ms + d->scan_pause_ms - service_elapsed_ms();
    if (d->scan_wanted && scan_ms < ms)
        ms = scan_ms;
    for (unsigned i = 0; i < d->count; i++) {
        const struct outbox *o = &d->at[i]->box;
        if (o->attempts && !o->flying && o->next_ms > now && o->next_ms - now < ms)
            ms = o->next_ms - now;
    }
    return ms < 1 ? 1 : (int)ms;
}

static void publish(struct deliveries *d)
{
    pthread_mutex_lock(&d->lock);
    d->state_count = d->count;
    for (unsigned i = 0; i < d->count; i++) {
        const struct delivery *one = d->at[i];
        const struct outbox *o = &one->box;
        d->states[i] = (struct delivery_state){ .stream = o->set.stream, .waiting = o->tests.n + o->again.n + o->waiting.n + o->flying, .attempts = o->attempts,
                                                .failing_ms = o->first_ms, .next_ms = o->next_ms, .last_sent_ms = o->last_sent_ms, .through = o->through,
                                                .stopped = o->set.stopped_on != DAY_NONE };
        memcpy(d->states[i].said, one->said, sizeof(one->said));
    }
    pthread_mutex_unlock(&d->lock);
}

static void *run(void *context)
{
    struct deliveries *d = context;
    setpriority(PRIO_PROCESS, 0, NICE);     /* of this thread alone, on Linux */
    while (!atomic_load(&d->stopping) && !deliveries_load(d))
        transfers_wait(d->transfers, SLEEP_MS);
    while (!atomic_load(&d->stopping)) {
        atomic_store(&d->rung, false);
        bool moved = deliveries_follow(d);
        if (scan_due(d))
            deliveries_scan(d);
        deliveries_record(d, false);
        deliveries_send(d);
        publish(d);
        if (!moved)
            transfers_wait(d->transfers, sleep_ms(d));
        else if (transfers_under_way(d->transfers) == 0 && d->position >= desk_position(d->service->desk))
            usleep(PAUSE_MS * 1000);
    }
    deliveries_record(d, true);
    return NULL;
}

/* ---- from other threads ---- */
int deliveries_start(struct service *s, struct deliveries **ret)
{
    struct deliveries *d = calloc(1, sizeof(*d));
    if (!d)
        abort();
    int f = transfers_start(&d->transfers);
    if (f) {
        free(d);
        return f;
    }
    d->service = s;
    d->scanned_day = DAY_NONE;
    pthread_mutex_init(&d->lock, NULL);
    own_call_init(&d->own, s);
    arena_init(&d->scratch, READING_BYTES);
    arena_init(&d->ticket.arena, READING_BYTES);
    json_out_init(&d->commands, COMMANDS_BYTES);
    if (pthread_create(&d->thread, NULL, run, d) != 0) {
        transfers_stop(d->transfers);
        free(d);
        return failure_say(FAIL_SYSTEM, "start the deliveries");
    }
    *ret = d;
    return 0;
}

static void delivery_free(struct delivery *one)
{
    outbox_free(&one->box);
    arena_free(&one->texts);
    free(one->sendings);
    free(one->body);
    free(one);
}

void deliveries_stop(struct deliveries *d)
{
    if (!d)
        return;
    atomic_store(&d->stopping, true);
    transfers_wake(d->transfers);
    pthread_join(d->thread, NULL);
}

void deliveries_free(struct deliveries *d)
{
    if (!d)
        return;
    transfers_stop(d->transfers);
    for (unsigned i = 0; i < d->count; i++)
        delivery_free(d->at[i]);
    own_call_free(&d->own);
    arena_free(&d->scratch);
    arena_free(&d->ticket.arena);
    json_out_free(&d->commands);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

void deliveries_wake(struct deliveries *d)
{
    if (!atomic_exchange(&d->rung, true))
        transfers_wake(d->transfers);
}

bool deliveries_state(struct deliveries *d, uint64_t stream, struct delivery_state *ret)
{
    bool found = false;
    pthread_mutex_lock(&d->lock);
    for (unsigned i = 0; i < d->state_count && !found; i++)
        if (d->states[i].stream == stream) {
            *ret = d->states[i];
            found = true;
        }
    pthread_mutex_unlock(&d->lock);
    return found;
}

struct deliveries_count deliveries_count(struct deliveries *d)
{
    struct deliveries_count n = { 0 };
    pthread_mutex_lock(&d->lock);
    n.subscriptions = d->state_count;
    for (unsigned i = 0; i < d->state_count; i++) {
        n.waiting += d->states[i].waiting;
        n.failing += d->states[i].attempts > 0 && !d->states[i].stopped;
        n.stopped += d->states[i].stopped;
    }
    pthread_mutex_unlock(&d->lock);
    return n;
}
