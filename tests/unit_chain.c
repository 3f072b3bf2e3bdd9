#include "unit.h"

#include <stdio.h>

#include "../events/chain.h"

static size_t from_hex(const char *hex, uint8_t *out)
{
    size_t n = 0;
    for (unsigned byte; sscanf(hex + 2 * n, "%2x", &byte) == 1; n++)
        out[n] = (uint8_t)byte;
    return n;
}

static void check_hex(const void *at, size_t bytes, const char *wanted)
{
    char hex[513];
    for (size_t i = 0; i < bytes; i++)
        snprintf(hex + 2 * i, 3, "%02x", ((const uint8_t *)at)[i]);
    CHECK_STR(hex, wanted);
}

TEST(chain_sha256_vectors)
{
    CHECK_INT(chain_start(), 0);
    struct hash h = chain_hash("", 0);
    check_hex(h.at, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    h = chain_hash("abc", 3);
    check_hex(h.at, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    h = chain_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56);
    check_hex(h.at, 32, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static const char *const leaves_hex[8] = { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" };

/* RFC 6962 as it is written: by recursion. */
static struct hash tree_as_written(const struct hash *leaves, size_t count)
{
    if (count == 1)
        return leaves[0];
    size_t k = 1;
    while (k * 2 < count)
        k *= 2;
    struct hash left = tree_as_written(leaves, k), right = tree_as_written(leaves + k, count - k);
    return chain_node(&left, &right);
}

TEST(chain_trees)
{
    static const char *const roots[8] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    struct hash leaves[8], many[100];
    for (int i = 0; i < 8; i++) {
        uint8_t bytes[16];
        leaves[i] = chain_leaf(bytes, from_hex(leaves_hex[i], bytes));
        struct hash root = chain_tree(leaves, (size_t)i + 1);
        check_hex(root.at, 32, roots[i]);
    }
    struct hash none = chain_tree(NULL, 0);
    check_hex(none.at, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t n = 1; n <= 100; n++) {
        many[n - 1] = chain_leaf(&n, sizeof n);
        struct hash a = chain_tree(many, n), b = tree_as_written(many, n);
        CHECK(memcmp(a.at, b.at, HASH_BYTES) == 0);
    }
}

TEST(chain_content_layout)
{
    static const uint8_t nonce[NONCE_BYTES] = { 7 };
    uint8_t flat[1 + 8 + 3 + 8 + 24 + 2] = { 2, 0, 0, 0, 0, 0, 0, 0, 3, 'a', 'b', 'c', 0, 0, 0, 0, 0, 0, 0, 2, 7 };
    memcpy(flat + sizeof flat - 2, "xy", 2);
    struct hash wanted = chain_hash(flat, sizeof flat), got = chain_content(TEXT("abc"), nonce, TEXT("xy"));
    CHECK(memcmp(wanted.at, got.at, HASH_BYTES) == 0);
    struct key k = { { 1, 2, 3 } };
    uint8_t committed[14 + 32] = "parcours/kc/v1";
    memcpy(committed + 14, k.at, 32);
    wanted = chain_hash(committed, sizeof committed), got = chain_key_commitment(&k);
    CHECK(memcmp(wanted.at, got.at, HASH_BYTES) == 0);
}

/* draft-irtf-cfrg-xchacha-03, A.3.1. */
TEST(chain_xchacha_vector)
{
    static const char plain[] = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    struct key key;
    uint8_t nonce[NONCE_BYTES], associated[12], sealed[sizeof plain - 1 + SEAL_EXTRA_BYTES], opened[sizeof plain];
    from_hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", key.at);
    from_hex("404142434445464748494a4b4c4d4e4f5051525354555657", nonce);
    from_hex("50515253c0c1c2c3c4c5c6c7", associated);
    struct text aad = { (char *)associated, 12 }, ct = { (char *)sealed, sizeof sealed };
    chain_seal(sealed, TEXT(plain), aad, nonce, &key);
    check_hex(sealed, sizeof sealed, "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
        "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");
    CHECK(chain_open(opened, ct, aad, nonce, &key));
    CHECK(memcmp(opened, plain, sizeof plain - 1) == 0);
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 1;
        CHECK(!chain_open(opened, ct, aad, nonce, &key));
        sealed[i] ^= 1;
    }
    associated[0] ^= 1;
    CHECK(!chain_open(opened, ct, aad, nonce, &key));
    CHECK(!chain_open(opened, (struct text){ (char *)sealed, 15 }, aad, nonce, &key));
}

TEST(chain_macs_and_keys)
{
    struct key a, b;
    chain_random(a.at, KEY_BYTES);
    b = a;
    b.at[0] ^= 1;
    uint8_t one[MAC_BYTES], two[MAC_BYTES];
    chain_mac(one, &a, TEXT("ab"), TEXT("c"));
    chain_mac(two, &a, TEXT("a"), TEXT("bc"));
    CHECK(!chain_same(one, two, MAC_BYTES));
    chain_mac(two, &b, TEXT("ab"), TEXT("c"));
    CHECK(!chain_same(one, two, MAC_BYTES));
    chain_mac(two, &a, TEXT("ab"), TEXT("c"));
    CHECK(chain_same(one, two, MAC_BYTES));
    chain_mac(two, &a, (struct text){ 0 }, (struct text){ 0 });
    struct key first = chain_record_key(&a, 1), again = chain_record_key(&a, 1), second = chain_record_key(&a, 2);
    CHECK(chain_same(first.at, again.at, KEY_BYTES));
    CHECK(!chain_same(first.at, second.at, KEY_BYTES));
}

/* RFC 4231, cases 1, 2 and 6; RFC 4648, section 10. */
TEST(chain_hmac_vectors)
{
    uint8_t key[131];
    memset(key, 0x0b, 20);
    struct hash h = chain_hmac((struct text){ (char *)key, 20 }, (struct text[]){ TEXT("Hi"), TEXT(" There") }, 2);
    check_hex(h.at, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    h = chain_hmac(TEXT("Jefe"), (struct text[]){ TEXT("what do ya want for nothing?") }, 1);
    check_hex(h.at, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    h = chain_hmac((struct text){ (char *)key, sizeof key }, (struct text[]){ TEXT("Test Using Larger Than Block-Size Key - Hash Key First") }, 1);
    check_hex(h.at, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(chain_base64_vectors)
{
    static const char *const plain[] = { "", "f", "fo", "foo", "foob", "fooba", "foobar" };
    static const char *const coded[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
    char out[BASE64_TEXT_BYTES(6)];
    for (int i = 0; i < 7; i++)
        CHECK_STR(chain_base64(plain[i], strlen(plain[i]), out), coded[i]);
}
