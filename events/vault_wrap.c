#include "vault_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "failure.h"

#define KEY_ROW_BYTES (KEY_BYTES + WRAP_EXTRA_BYTES)
#define GENERATION_BYTES (KEY_BYTES + 8)
#define MASTER_TEXT_BYTES (2 * KEY_BYTES + 1)
#define DESTROYED TEXT("\1")

void vault_wrap(uint8_t *out, struct text plain, struct text associated, const struct key *key)
{
    chain_random(out, NONCE_BYTES);
    chain_seal(out + NONCE_BYTES, plain, associated, out, key);
}

bool vault_unwrap(uint8_t *out, uint32_t bytes, struct text wrapped, struct text associated, const struct key *key)
{
    if (wrapped.bytes != bytes + WRAP_EXTRA_BYTES)
        return false;
    struct text sealed = { wrapped.at + NONCE_BYTES, bytes + SEAL_EXTRA_BYTES };
    return chain_open(out, sealed, associated, (const uint8_t *)wrapped.at, key);
}

/* ---- rows of streams ---- */

void vault_put_key(struct store_txn *t, uint64_t stream, const struct key *key, const struct key *generation)
{
    uint8_t number[8], row[KEY_ROW_BYTES];
    store_key_u64(number, stream);
    struct text name = { (char *)number, sizeof number };
    vault_wrap(row, (struct text){ (const char *)key->at, KEY_BYTES }, name, generation);
    store_put(t, VAULT_KEYS, name, (struct text){ (char *)row, sizeof row });
}

bool vault_is_destroyed(struct text row)
{
    return text_equal(row, DESTROYED);
}

void vault_put_destroyed(struct store_txn *t, uint64_t stream)
{
    uint8_t number[8];
    store_key_u64(number, stream);
    store_put(t, VAULT_KEYS, (struct text){ (char *)number, sizeof number }, DESTROYED);
}

int vault_read_key(struct text row, uint64_t stream, const struct key *generation, struct key *ret)
{
    uint8_t number[8];
    store_key_u64(number, stream);
    if (vault_is_destroyed(row))
        return FAIL_ERASED;
    if (!vault_unwrap(ret->at, KEY_BYTES, row, (struct text){ (char *)number, sizeof number }, generation))
        return failure_say(FAIL_DAMAGED, "the key of stream %llu does not open", (unsigned long long)stream);
    return 0;
}

/* ---- meta ---- */

void vault_put_meta(struct store_txn *t, const struct vault_secrets *secrets, uint64_t generation)
{
    uint8_t plain[GENERATION_BYTES], row[GENERATION_BYTES + WRAP_EXTRA_BYTES], mac[KEY_ROW_BYTES];
    memcpy(plain, secrets->generation.at, KEY_BYTES);
    store_key_u64(plain + KEY_BYTES, generation);
    vault_wrap(row, (struct text){ (char *)plain, sizeof plain }, TEXT("parcours/generation/v1"), &secrets->master);
    sodium_memzero(plain, sizeof plain);
    store_put(t, VAULT_META, TEXT("generation"), (struct text){ (char *)row, sizeof row });
    vault_wrap(mac, (struct text){ (const char *)secrets->mac.at, KEY_BYTES }, TEXT("parcours/mac/v1"), &secrets->generation);
    store_put(t, VAULT_META, TEXT("mac"), (struct text){ (char *)mac, sizeof mac });
}

int vault_read_meta(struct store_txn *t, struct vault_secrets *secrets, uint64_t *ret_generation)
{
    uint8_t plain[GENERATION_BYTES];
    struct text row;
    if (!store_get(t, VAULT_META, TEXT("generation"), &row))
        return store_failed(t) ? store_failed(t) : failure_say(FAIL_DAMAGED, "the vault has no generation key");
    if (!vault_unwrap(plain, sizeof plain, row, TEXT("parcours/generation/v1"), &secrets->master))
        return failure_say(FAIL_KEY, "the master key does not open this vault");
    memcpy(secrets->generation.at, plain, KEY_BYTES);
    *ret_generation = store_key_read_u64(plain + KEY_BYTES);
    sodium_memzero(plain, sizeof plain);
    if (!store_get(t, VAULT_META, TEXT("mac"), &row) ||
        !vault_unwrap(secrets->mac.at, KEY_BYTES, row, TEXT("parcours/mac/v1"), &secrets->generation))
        return store_failed(t) ? store_failed(t) : failure_say(FAIL_DAMAGED, "the vault's MAC secret does not open");
    return 0;
}

/* ---- the master key's file ---- */

static int say_errno(const char *what, const char *path)
{
    int failure = errno == ENOENT ? FAIL_MISSING : errno == EEXIST ? FAIL_EXISTS : errno == ENOSPC ? FAIL_FULL
        : errno == EACCES || errno == EPERM || errno == EROFS ? FAIL_PERMISSION : FAIL_SYSTEM;
    failure_say(failure, "%s", strerror(errno));
    return failure_say(failure, "%s %s", what, path);
}

int vault_master_read(const char *path, struct key *ret)
{
    char text[MASTER_TEXT_BYTES + 1];
    struct stat st;
    size_t decoded = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC), failure = 0;
    if (fd < 0)
        return say_errno("open the master key", path);
    ssize_t n = read(fd, text, sizeof text);
    if (n < 0 || fstat(fd, &st) < 0)
        failure = say_errno("read the master key", path);
    else if (st.st_mode & 077)
        failure = failure_say(FAIL_PERMISSION, "the master key %s is open to others: its mode must be 0600", path);
    else if (n < 2 * KEY_BYTES || n > MASTER_TEXT_BYTES || (n == MASTER_TEXT_BYTES && text[n - 1] != '\n') ||
        sodium_hex2bin(ret->at, KEY_BYTES, text, 2 * KEY_BYTES, NULL, &decoded, NULL) != 0 || decoded != KEY_BYTES)
        failure = failure_say(FAIL_KEY, "the master key %s is not 64 hexadecimal characters", path);
    close(fd);
    sodium_memzero(text, sizeof text);
    return failure;
}

static int sync_directory_of(const char *path)
{
    char directory[VAULT_PATH_BYTES] = ".";
    const char *slash = strrchr(path, '/');
    if (slash && (size_t)(slash - path) + 2 <= sizeof directory)
        snprintf(directory, sizeof directory, "%.*s", (int)(slash - path) + 1, path);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failure = fd < 0 || fsync(fd) < 0 ? say_errno("sync", directory) : 0;
    if (fd >= 0)
        close(fd);
    return failure;
}

int vault_master_make(const char *path, struct key *ret)
{
    char text[MASTER_TEXT_BYTES + 1];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return say_errno("create the master key", path);
    chain_random(ret->at, KEY_BYTES);
    sodium_bin2hex(text, sizeof text, ret->at, KEY_BYTES);
    text[MASTER_TEXT_BYTES - 1] = '\n';
    errno = ENOSPC;     /* what a short write means */
    bool written = write(fd, text, MASTER_TEXT_BYTES) == MASTER_TEXT_BYTES && fsync(fd) == 0;
    int failure = written ? 0 : say_errno("write the master key", path);
    close(fd);
    sodium_memzero(text, sizeof text);
    if (failure)
        unlink(path);   /* half a key would be refused for ever */
    return failure ? failure : sync_directory_of(path);
}
