#include "transfer.h"

#include <assert.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../events/failure.h"

#define SYSTEM_CERTIFICATES "/etc/ssl/certs"    /* libcurl's own are replaced by a CAINFO; this directory is kept beside it */

struct under_way {
    struct transfers *all;
    CURL *curl;
    struct curl_slist *headers, *recipients;
    char *body;
    size_t bytes, read, answer_bytes;
    enum transfer_kind kind;
    char said[CURL_ERROR_SIZE];
    void (*done)(void *context, const struct transfer_result *);
    void *context;
    struct under_way *next;
    /* of a mail */
    pthread_t thread;
    bool has_thread;
    CURLcode code;              /* once it is over */
    struct under_way *next_over;
};

struct transfers {
    CURLM *multi;
    struct under_way *first;
    unsigned count;
    atomic_bool stopping;
    pthread_mutex_t lock;       /* of `over` */
    struct under_way *over;     /* mails that ended, and `done` was not called yet */
};

/* ---- one transfer ---- */
static size_t drop_answer(char *at, size_t size, size_t count, void *to)
{
    struct under_way *u = to;
    (void)at;
    u->answer_bytes += size * count;
    return u->answer_bytes > TRANSFER_ANSWER_BYTES_MAX ? 0 : size * count;
}

static size_t give_body(char *to, size_t size, size_t count, void *from)
{
    struct under_way *u = from;
    size_t room = size * count, left = u->bytes - u->read, bytes = left < room ? left : room;
    memcpy(to, u->body + u->read, bytes);
    u->read += bytes;
    return bytes;
}

static void set_up(struct under_way *u, const struct transfer *t)
{
    CURL *c = u->curl;
    curl_easy_setopt(c, CURLOPT_URL, t->url);
    curl_easy_setopt(c, CURLOPT_PRIVATE, u);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, u->said);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);        /* else the end of one waits until its name server answers */
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)TRANSFER_CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(t->kind == TRANSFER_mail ? TRANSFER_MAIL_MS : TRANSFER_POST_MS));
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop_answer);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, u);
    if (t->ca_file) {
        curl_easy_setopt(c, CURLOPT_CAINFO, t->ca_file);
        curl_easy_setopt(c, CURLOPT_CAPATH, SYSTEM_CERTIFICATES);
    }
}

static void add(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (!longer)
        abort();
    *list = longer;
}

static void set_post(struct under_way *u, const struct transfer *t)
{
    for (unsigned i = 0; i < t->header_count; i++)
        add(&u->headers, t->headers[i]);
    add(&u->headers, "Expect:");        /* an empty one: else libcurl waits for 100-continue before a long body */
    curl_easy_setopt(u->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(u->curl, CURLOPT_HTTPHEADER, u->headers);
    curl_easy_setopt(u->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(u->curl, CURLOPT_POSTFIELDS, u->body);
    curl_easy_setopt(u->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)u->bytes);
}

/* What makes a mail end when the process does. */
static int asked_to_stop(void *all, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    (void)down_all, (void)down, (void)up_all, (void)up;
    return atomic_load(&((struct transfers *)all)->stopping);
}

static void set_mail(struct under_way *u, const struct transfer *t)
{
    add(&u->recipients, t->to);
    curl_easy_setopt(u->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(u->curl, CURLOPT_USE_SSL, (long)(t->tls_required ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    curl_easy_setopt(u->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(u->curl, CURLOPT_XFERINFOFUNCTION, asked_to_stop);
    curl_easy_setopt(u->curl, CURLOPT_XFERINFODATA, u->all);
    curl_easy_setopt(u->curl, CURLOPT_MAIL_FROM, t->from);
    curl_easy_setopt(u->curl, CURLOPT_MAIL_RCPT, u->recipients);
    curl_easy_setopt(u->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(u->curl, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(u->curl, CURLOPT_READDATA, u);
    curl_easy_setopt(u->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)u->bytes);
    if (t->user) {
        curl_easy_setopt(u->curl, CURLOPT_USERNAME, t->user);
        curl_easy_setopt(u->curl, CURLOPT_PASSWORD, t->password);
    }
}

static void forget(struct under_way *u)
{
    struct under_way **at = &u->all->first;
    while (*at != u)
        at = &(*at)->next;
    *at = u->next;
    u->all->count--;
    if (u->kind == TRANSFER_post)
        curl_multi_remove_handle(u->all->multi, u->curl);
    else if (u->has_thread)
        pthread_join(u->thread, NULL);
    curl_easy_cleanup(u->curl);
    curl_slist_free_all(u->headers);
    curl_slist_free_all(u->recipients);
    free(u->body);
    free(u);
}

/* Of a thread of its own: after the last line of a mail libcurl waits for the server's word and does nothing else meanwhile (smtp_done), a
 * minute if need be, and whatever else is under way would wait with it. */
static void mail_over(struct under_way *u, CURLcode code)
{
    struct transfers *all = u->all;
    u->code = code;
    pthread_mutex_lock(&all->lock);
    u->next_over = all->over;
    all->over = u;
    pthread_mutex_unlock(&all->lock);
    curl_multi_wakeup(all->multi);
}

static void *run_mail(void *context)
{
    struct under_way *u = context;
    mail_over(u, curl_easy_perform(u->curl));
    return NULL;
}

static void begin_mail(struct under_way *u)
{
    u->has_thread = pthread_create(&u->thread, NULL, run_mail, u) == 0;
    if (!u->has_thread)
        mail_over(u, CURLE_FAILED_INIT);
}

void transfers_begin(struct transfers *all, const struct transfer *t)
{
    struct under_way *u = calloc(1, sizeof(*u));
    assert(all->count < TRANSFERS_MAX);
    if (!u || !(u->curl = curl_easy_init()) || !(u->body = malloc(t->body_bytes + 1)))
        abort();
    u->all = all;
    u->kind = t->kind;
    u->bytes = t->body_bytes;
    memcpy(u->body, t->body, t->body_bytes);
    u->done = t->done;
    u->context = t->context;
    set_up(u, t);
    (t->kind == TRANSFER_mail ? set_mail : set_post)(u, t);
    u->next = all->first;
    all->first = u;
    all->count++;
    if (u->kind == TRANSFER_mail)
        begin_mail(u);
    else if (curl_multi_add_handle(all->multi, u->curl) != CURLM_OK)
        abort();
}

/* ---- how it ended ---- */
static enum transfer_end end_of_code(CURLcode code)
{
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return TRANSFER_timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
        return TRANSFER_tls;
    case CURLE_LOGIN_DENIED:
        return TRANSFER_authentication;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return TRANSFER_address;
    default:
        return TRANSFER_unreachable;
    }
}

/* RFC 5321 and 4954: 530 to 538 are about who sends, 501, 550, 551 and 553 about an address. */
static enum transfer_end end_of_mail(CURLcode code, long answered)
{
    if (code == CURLE_OK)
        return TRANSFER_sent;
    if (answered >= 530 && answered <= 538)
        return TRANSFER_authentication;
    if (answered == 501 || answered == 550 || answered == 551 || answered == 553)
        return TRANSFER_address;
    return answered >= 400 && code != CURLE_LOGIN_DENIED ? TRANSFER_refused : end_of_code(code);
}

/* The status of HTTP counts, even when the rest of the answer was cut or never came. */
static enum transfer_end end_of_post(CURLcode code, long answered)
{
    if (answered >= 200)
        return answered < 300 ? TRANSFER_sent : TRANSFER_refused;
    return code == CURLE_OK ? TRANSFER_refused : end_of_code(code);
}

static void ended(struct under_way *u, CURLcode code)
{
    struct transfer_result r = { .end = TRANSFER_unreachable };
    long answered = 0;
    curl_off_t retry = 0;
    curl_easy_getinfo(u->curl, CURLINFO_RESPONSE_CODE, &answered);
    curl_easy_getinfo(u->curl, CURLINFO_RETRY_AFTER, &retry);
    r.end = u->kind == TRANSFER_mail ? end_of_mail(code, answered) : end_of_post(code, answered);
    r.answered = (int)answered;
    r.retry_after_s = (int)(retry < TRANSFER_RETRY_S_MAX ? retry : TRANSFER_RETRY_S_MAX);
    if (code != CURLE_OK)
        snprintf(r.sentence, sizeof(r.sentence), "%s", u->said[0] ? u->said : curl_easy_strerror(code));
    void (*done)(void *, const struct transfer_result *) = u->done;
    void *context = u->context;
    forget(u);      /* first: `done` may begin the next one */
    done(context, &r);
}

/* ---- all of them ---- */
int transfers_start(struct transfers **ret)
{
    struct transfers *all = calloc(1, sizeof(*all));
    if (!all)
        abort();
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || !(all->multi = curl_multi_init())) {
        free(all);
        return failure_say(FAIL_SYSTEM, "start libcurl");
    }
    pthread_mutex_init(&all->lock, NULL);
    *ret = all;
    return 0;
}

unsigned transfers_under_way(const struct transfers *all)
{
    return all->count;
}

static bool take_mails(struct transfers *all)
{
    pthread_mutex_lock(&all->lock);
    struct under_way *u = all->over, *next;
    all->over = NULL;
    pthread_mutex_unlock(&all->lock);
    bool any = u != NULL;
    for (; u; u = next) {
        next = u->next_over;
        ended(u, u->code);
    }
    return any;
}

static bool take_ended(struct transfers *all)
{
    bool any = take_mails(all);
    int left;
    CURLMsg *m;
    while ((m = curl_multi_info_read(all->multi, &left)) != NULL) {
        char *u;
        CURLcode code = m->data.result;
        if (m->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &u);
        ended((struct under_way *)(void *)u, code);
        any = true;
    }
    return any;
}

void transfers_wait(struct transfers *all, int ms)
{
    int running;
    curl_multi_perform(all->multi, &running);
    if (take_ended(all))
        return;
    curl_multi_poll(all->multi, NULL, 0, ms, NULL);
    curl_multi_perform(all->multi, &running);
    take_ended(all);
}

void transfers_wake(struct transfers *all)
{
    curl_multi_wakeup(all->multi);
}

void transfers_stop(struct transfers *all)
{
    if (!all)
        return;
    atomic_store(&all->stopping, true);
    while (all->first)
        forget(all->first);
    curl_multi_cleanup(all->multi);
    curl_global_cleanup();
    pthread_mutex_destroy(&all->lock);
    free(all);
}
