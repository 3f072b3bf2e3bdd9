#include "transfer.h"

#include <assert.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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
    struct mailing *mailing;    /* of a mail */
};

/* A mail's thread: it tells how the mail ended, then takes leave of the server, which may be slow at that, too. */
struct mailing {
    struct under_way *u;        /* the thread's */
    struct transfers *all;
    pthread_t thread;
    void (*done)(void *context, const struct transfer_result *);
    void *context;
    bool told;                  /* `done` was called */
    struct transfer_result result;
    /* under the lock */
    int socket;                 /* -1 none */
    bool over, left;            /* `result` is there; the thread has done with everything */
    struct mailing *next;
};

struct transfers {
    CURLM *multi;
    struct under_way *first;
    unsigned count;
    atomic_bool stopping;
    pthread_mutex_t lock;       /* of what threads of mails tell */
    struct mailing *mails;      /* whose threads were not joined yet */
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

/* Its socket is known, so that whoever stops may close it: libcurl says goodbye to a server for two minutes otherwise. */
static curl_socket_t open_socket(void *mailing, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct mailing *m = mailing;
    (void)purpose;
    int fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    pthread_mutex_lock(&m->all->lock);
    m->socket = fd;
    pthread_mutex_unlock(&m->all->lock);
    return fd;
}

static int close_socket(void *mailing, curl_socket_t fd)
{
    struct mailing *m = mailing;
    pthread_mutex_lock(&m->all->lock);
    if (m->socket == fd)
        m->socket = -1;
    pthread_mutex_unlock(&m->all->lock);
    return close(fd);
}

static void set_mail(struct under_way *u, const struct transfer *t)
{
    add(&u->recipients, t->to);
    curl_easy_setopt(u->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(u->curl, CURLOPT_USE_SSL, (long)(t->tls_required ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    curl_easy_setopt(u->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(u->curl, CURLOPT_XFERINFOFUNCTION, asked_to_stop);
    curl_easy_setopt(u->curl, CURLOPT_XFERINFODATA, u->all);
    curl_easy_setopt(u->curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(u->curl, CURLOPT_OPENSOCKETDATA, u->mailing);
    curl_easy_setopt(u->curl, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    curl_easy_setopt(u->curl, CURLOPT_CLOSESOCKETDATA, u->mailing);
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

static void let_go(struct under_way *u)
{
    curl_easy_cleanup(u->curl);
    curl_slist_free_all(u->headers);
    curl_slist_free_all(u->recipients);
    free(u->body);
    free(u);
}

static void forget(struct under_way *u)
{
    struct under_way **at = &u->all->first;
    while (*at != u)
        at = &(*at)->next;
    *at = u->next;
    u->all->count--;
    curl_multi_remove_handle(u->all->multi, u->curl);
    let_go(u);
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

static struct transfer_result result_of(struct under_way *u, CURLcode code)
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
    return r;
}

static void ended(struct under_way *u, CURLcode code)
{
    struct transfer_result r = result_of(u, code);
    struct under_way was = *u;
    forget(u);      /* first: `done` may begin the next one */
    was.done(was.context, &r);
}

/* ---- mails ---- */
/* Of a thread of its own: after the last line of a mail libcurl waits for the server's word and does nothing else meanwhile (smtp_done), a
 * minute if need be, and whatever else is under way would wait with it. */
static void *run_mail(void *context)
{
    struct mailing *m = context;
    struct under_way *u = m->u;
    m->result = result_of(u, curl_easy_perform(u->curl));
    pthread_mutex_lock(&m->all->lock);
    m->over = true;
    pthread_mutex_unlock(&m->all->lock);
    curl_multi_wakeup(m->all->multi);
    let_go(u);
    pthread_mutex_lock(&m->all->lock);
    m->left = true;
    pthread_mutex_unlock(&m->all->lock);
    return NULL;
}

static void begin_mail(struct under_way *u, const struct transfer *t)
{
    struct mailing *m = calloc(1, sizeof(*m));
    if (!m)
        abort();
    *m = (struct mailing){ .u = u, .all = u->all, .socket = -1, .done = t->done, .context = t->context, .next = u->all->mails };
    u->mailing = m;
    u->all->mails = m;
    set_mail(u, t);
    if (pthread_create(&m->thread, NULL, run_mail, m) != 0)
        abort();
}

/* The next that is over and was not told; those whose threads have ended are forgotten on the way. */
static struct mailing *next_mail(struct transfers *all)
{
    struct mailing *found = NULL, *m;
    for (struct mailing **at = &all->mails; (m = *at) != NULL;) {
        pthread_mutex_lock(&all->lock);
        bool over = m->over, left = m->left;
        pthread_mutex_unlock(&all->lock);
        if (over && !m->told)
            found = m;
        if (left && m->told) {
            *at = m->next;
            pthread_join(m->thread, NULL);
            free(m);
        } else {
            at = &m->next;
        }
    }
    return found;
}

static bool take_mails(struct transfers *all)
{
    bool any = false;
    for (struct mailing *m; (m = next_mail(all)) != NULL; any = true) {
        m->told = true;
        all->count--;
        m->done(m->context, &m->result);
    }
    return any;
}

static void stop_mails(struct transfers *all)
{
    for (struct mailing *m = all->mails, *next; m; m = next) {
        next = m->next;
        pthread_mutex_lock(&all->lock);
        if (m->socket >= 0)
            shutdown(m->socket, SHUT_RDWR);
        pthread_mutex_unlock(&all->lock);
        pthread_join(m->thread, NULL);
        free(m);
    }
}

/* ---- all of them ---- */
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
    all->count++;
    if (u->kind == TRANSFER_mail) {
        begin_mail(u, t);
        return;
    }
    set_post(u, t);
    u->next = all->first;
    all->first = u;
    if (curl_multi_add_handle(all->multi, u->curl) != CURLM_OK)
        abort();
}

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
    stop_mails(all);
    while (all->first)
        forget(all->first);
    curl_multi_cleanup(all->multi);
    curl_global_cleanup();
    pthread_mutex_destroy(&all->lock);
    free(all);
}
