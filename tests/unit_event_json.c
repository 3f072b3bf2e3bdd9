/* What is said of data that is not right, and how whole events and schemas look. */
#include "unit.h"

#include <string.h>

#include "../events/days.h"
#include "../events/event.h"
#include "../events/ids.h"
#include "../events/roles.h"

static const struct json_limits limits = { 1 << 20, 16, 8192 };
static struct arena arena;

static void start(void)
{
    static const uint8_t sid[16] = { 1 };
    catalogue_start();
    ids_start(sid);
    arena_free(&arena);
    arena_init(&arena, 1 << 24);
}

static const struct json *parsed(struct text t)
{
    const struct json *json = NULL;
    struct json_error error;
    CHECK_INT(json_read(&arena, t, &limits, &json, &error), 0);
    return json;
}

/* The problems of `data`, as "pointer: why" lines. */
static const char *problems_of(const char *command, const char *content_command, const char *data)
{
    _Alignas(16) char bytes[DATA_BYTES_MAX];
    struct problems p = { .count = 0 };
    const struct kind *content = content_command ? kind_commanded(text_of(content_command)) : NULL;
    const struct json *json = data ? parsed(text_of(data)) : NULL;
    bool ok = data_from_json(&arena, kind_commanded(text_of(command)), content, json, "/data", bytes, &p);
    struct text all = TEXT("");
    CHECK_INT(ok, p.count == 0);
    for (uint32_t i = 0; i < p.count; i++)
        all = arena_print(&arena, "%.*s%s%s: %s", TEXT_ARGS(all), i ? "\n" : "", p.at[i].pointer, p.at[i].why);
    return all.at;
}

static const struct {
    const char *command, *data, *problems;
} cases[] = {
    { "record_contact", "{\"channel\":\"interview\"}", "" },
    { "record_contact", "{\"channel\":\"interview\",\"minutes\":null,\"step\":null}", "" },
    { "resume", NULL, "" },
    { "resume", "null", "" },
    { "record_contact", NULL, "/data/channel: this field is required" },
    { "record_contact", "{\"channel\":null}", "/data/channel: this field is required" },
    { "record_contact", "[]", "/data: an object is expected" },
    { "record_contact", "{\"channel\":\"pigeon\"}", "/data/channel: a word of the field's list is expected" },
    { "record_contact", "{\"channel\":3}", "/data/channel: a word of the field's list is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"signed\":1}", "/data/signed: true or false is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"minutes\":0}", "/data/minutes: a whole number from 1 to 1440 is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"minutes\":1441}", "/data/minutes: a whole number from 1 to 1440 is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"minutes\":1.5}", "/data/minutes: a whole number from 1 to 1440 is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"minutes\":\"45\"}", "/data/minutes: a whole number from 1 to 1440 is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"step\":0}", "/data/step: the number of an event is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"step\":\"9007199254740993\"}", "" },
    { "record_contact", "{\"channel\":\"mail\",\"step\":\"9223372036854775807\"}", "" },
    { "record_contact", "{\"channel\":\"mail\",\"step\":\"9223372036854775808\"}", "/data/step: the number of an event is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"step\":\"09007199254740993\"}", "/data/step: the number of an event is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"step\":\"7\"}", "/data/step: the number of an event is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"operation\":\"o_00000\"}", "/data/operation: the id of a stream is expected, of type operation" },
    { "record_contact", "{\"channel\":\"mail\",\"operation\":\"p_7kd2m0qx\"}", "/data/operation: the id of a stream is expected, of type operation" },
    { "record_contact", "{\"channel\":\"mail\",\"operation\":\"o_7kd2m0qx\"}", "" },
    { "record_contact", "{\"channel\":\"mail\",\"summary\":\"\"}", "/data/summary: an empty text: leave it out instead" },
    { "record_contact", "{\"channel\":\"mail\",\"summary\":7}", "/data/summary: a text is expected" },
    { "record_contact", "{\"channel\":\"mail\",\"summary\":\" a\\n\\tb \"}", "" },
    { "record_contact", "{\"channel\":\"mail\",\"summary\":\"a\\r\"}", "/data/summary: control characters other than new line and tab are refused" },
    { "record_contact", "{\"channel\":\"mail\",\"dupont\":1}", "/data/dupont: unknown field" },
    { "record_contact", "{\"channel\":\"mail\",\"Jean Dupont\":1}", "/data: unknown field" },
    { "record_contact", "{\"channel\":\"mail\",\"a234567890123456789012345678901234567890x\":1}", "/data: unknown field" },
    { "record_contact", "{\"x\":1,\"minutes\":0}", "/data/x: unknown field\n/data/minutes: a whole number from 1 to 1440 is expected\n"
                                                   "/data/channel: this field is required" },
    { "orient", "{\"prescriber\":\"a b\"}", "/data/prescriber: letters, digits, and . / _ - after the first, are expected" },
    { "orient", "{\"born\":\"1980-02-30\"}", "/data/born: a day is expected, as YYYY-MM-DD" },
    { "orient", "{\"born\":\"1980-02-29\",\"born_coarse\":\"2035-02\"}", "/data/born_coarse: unknown field" },
    { "record_profile", "{\"nir\":\"192102A13112318\"}", "/data/nir: not a social security number: 13 characters, or 15 with their key" },
    { "send_report", "{\"report\":\"activity\",\"month\":\"2026-13\"}", "/data/month: a month is expected, as YYYY-MM" },
    { "record_hours", "{\"from_day\":\"2026-01-01\",\"until_day\":\"2026-01-31\",\"hours\":750.01}", "/data/hours: hours from 0 to 750 are expected, with two decimals at most" },
    { "record_hours", "{\"from_day\":\"2026-01-01\",\"until_day\":\"2026-01-31\",\"hours\":17.5}", "" },
    { "check_eligibility", "{\"criteria\":\"rsa\"}", "/data/criteria: a list of words is expected" },
    { "check_eligibility", "{\"criteria\":[\"rsa\",\"rsa\"]}", "/data/criteria: a word is there twice" },
    { "check_eligibility", "{\"criteria\":[\"rsa\",7]}", "/data/criteria: one of these is not a word of the field's list" },
    { "decide_entry", "{\"outcome\":\"accepted\",\"session_members\":3}", "/data/session_members: copied from another record: it cannot be given" },
    { "correct", "{\"event\":12,\"reason\":\"x\",\"content\":{\"on\":\"2026-01-09\"}}", "/data/content: the corrected event must exist" },
};

TEST(event_json_problems)
{
    start();
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STR(problems_of(cases[i].command, NULL, cases[i].data), cases[i].problems);
}

static const char *correction(const char *content_command, const char *content)
{
    return problems_of("correct", content_command, arena_print(&arena, "{\"event\":12,\"reason\":\"x\",\"content\":%s}", content).at);
}

TEST(event_json_content)
{
    start();
    CHECK_STR(correction("record_contact", "{\"on\":\"2026-01-09\",\"data\":{\"channel\":\"mail\"}}"), "");
    CHECK_STR(correction("record_contact", "{\"kind\":\"contact_recorded\",\"on\":\"2026-01-09\",\"data\":{\"channel\":\"mail\"}}"), "");
    CHECK_STR(correction("record_contact", "{\"kind\":\"letter_sent\",\"on\":\"2026-01-09\",\"data\":{\"channel\":\"mail\"}}"),
              "/data/content/kind: not the kind of the corrected event");
    CHECK_STR(correction("record_contact", "{\"data\":{\"channel\":\"mail\",\"x\":1}}"),
              "/data/content/on: a day is expected, as YYYY-MM-DD\n/data/content/data/x: unknown field");
    CHECK_STR(correction("record_contact", "{\"on\":\"2026-01-09\",\"Dupont\":1}"),
              "/data/content: unknown field\n/data/content/data/channel: this field is required");
    CHECK_STR(correction("resume", "{\"on\":\"2026-01-09\"}"), "");
    CHECK_STR(correction("resume", "7"), "/data/content: an object with `on` and `data` is expected");
    CHECK_STR(correction("correct", "{\"on\":\"2026-01-09\"}"), "/data/content: a correction is not corrected: void it");
}

TEST(event_json_more_problems_than_room)
{
    _Alignas(16) char bytes[DATA_BYTES_MAX];
    struct problems p = { .count = PROBLEMS_MAX };
    start();
    CHECK(!data_from_json(&arena, kind_of(KIND_contact_recorded), NULL, NULL, "/data", bytes, &p));
    CHECK_INT(p.count, PROBLEMS_MAX);
}

TEST(event_json_looks)
{
    static const char *const same[][2] = {
        { "record_contact", "{\"channel\":\"mail\",\"step\":9007199254740992}" },
        { "record_contact", "{\"channel\":\"mail\",\"step\":\"9007199254740993\"}" },
        { "record_hours", "{\"from_day\":\"2026-01-01\",\"until_day\":\"2026-01-31\",\"hours\":17.5}" },
        { "check_eligibility", "{\"criteria\":[]}" },
    };
    _Alignas(16) char bytes[DATA_BYTES_MAX];
    struct problems p = { .count = 0 };
    struct json_out out;
    start();
    json_out_init(&out, 1 << 20);
    for (unsigned i = 0; i < sizeof same / sizeof same[0]; i++) {
        const struct kind *k = kind_commanded(text_of(same[i][0]));
        CHECK(data_from_json(&arena, k, NULL, parsed(text_of(same[i][1])), "/data", bytes, &p));
        json_out_reset(&out);
        data_to_json(&out, k, bytes, true);
        CHECK(text_equal((struct text){ out.at, (uint32_t)out.bytes }, text_of(same[i][1])));
    }
    struct fse_entry_recorded *entry = (void *)bytes;
    data_clear(kind_of(KIND_fse_entry_recorded), bytes);
    entry->labour_status = labour_status_inactive;
    entry->disability.exact = disability_rqth;
    entry->disability.coarse = yes_no_yes;
    json_out_reset(&out);
    data_to_json(&out, kind_of(KIND_fse_entry_recorded), bytes, false);
    CHECK(text_equal((struct text){ out.at, (uint32_t)out.bytes }, TEXT("{\"labour_status\":\"inactive\",\"disability_coarse\":\"yes\"}")));
    json_out_free(&out);
}

/* ---- whole events ---- */

static const char *told(const struct event *e, bool sealed)
{
    struct json_out out;
    json_out_init(&out, 1 << 20);
    event_to_json(&out, e, STREAM_participant, sealed);
    const char *text = arena_print(&arena, "%.*s", (int)out.bytes, out.at).at;
    json_out_free(&out);
    return text;
}

TEST(event_json_whole)
{
    _Alignas(16) char bytes[DATA_BYTES_MAX];
    struct problems p = { .count = 0 };
    struct waiver waiver = { TEXT("parcours-length"), TEXT("malade") };
    char id[ID_TEXT_BYTES], by[ID_TEXT_BYTES];
    start();
    struct event e = { .seq = 12, .stream = 3, .version = 3, .recorded_ms = INT64_C(1768122000000), .recorded_on = 20464, .on = 20463,
        .kind = kind_of(KIND_profile_recorded), .actor = actor_of(ROLE_coordinator, 1), .performed_by = ABSENT, .data = bytes };
    CHECK(data_from_json(&arena, e.kind, NULL, parsed(TEXT("{\"born\":\"1980-05-02\",\"sex\":\"F\"}")), "/data", bytes, &p));
    ((struct profile_recorded *)(void *)bytes)->born.coarse = 784;
    ((struct profile_recorded *)(void *)bytes)->commune.coarse = 1;
    id_print(STREAM_participant, 3, id);
    id_print(STREAM_referent, 5, by);
    CHECK_STR(told(&e, false), arena_print(&arena, "{\"seq\":12,\"stream\":\"%s\",\"type\":\"participant\",\"version\":3,"
        "\"kind\":\"profile_recorded\",\"on\":\"2026-01-10\",\"recorded\":\"2026-01-11T09:00:00.000Z\",\"recorded_on\":\"2026-01-11\","
        "\"actor\":\"coordinator-1\",\"data\":{\"born_coarse\":\"2035-05\",\"sex\":\"F\",\"commune_coarse\":true}}", id).at);
    e.rulebook = 2, e.after = 7, e.performed_by = 5, e.imported = true, e.waivers = &waiver, e.waiver_count = 1;
    e.actor = actor_of(ROLE_referent, 5);
    CHECK_STR(told(&e, true), arena_print(&arena, "{\"seq\":12,\"stream\":\"%s\",\"type\":\"participant\",\"version\":3,"
        "\"kind\":\"profile_recorded\",\"on\":\"2026-01-10\",\"recorded\":\"2026-01-11T09:00:00.000Z\",\"recorded_on\":\"2026-01-11\","
        "\"actor\":\"%s\",\"rulebook\":2,\"after\":7,\"performed_by\":\"%s\",\"imported\":true,"
        "\"waived\":[{\"rule\":\"parcours-length\",\"reason\":\"malade\"}],"
        "\"data\":{\"born\":\"1980-05-02\",\"born_coarse\":\"2035-05\",\"sex\":\"F\",\"commune_coarse\":true}}", id, by, by).at);
    CHECK(strstr(told(&e, false), "\"waived\":[{\"rule\":\"parcours-length\"}]") != NULL);
}

TEST(event_actor)
{
    char text[ACTOR_TEXT_BYTES];
    struct actor a = actor_of(ROLE_operator, UINT64_MAX);
    CHECK_STR(actor_print(&a, text), "operator-18446744073709551615");
    CHECK_INT(actor_role(&a), 9);
    CHECK(actor_number(&a) == UINT64_MAX);
    a = actor_of(77, 3);
    CHECK_STR(actor_print(&a, text), "unknown-3");
    CHECK(role_name(0) == NULL && role_name(11) == NULL);
    CHECK_STR(role_name(8), "dpo");
}

TEST(event_order)
{
    start();
    struct event a = { .seq = 7, .on = 100, .kind = kind_of(KIND_contact_recorded) }, b = a;
    CHECK_INT(event_compare(&a, &b), 0);
    b.seq = 8;
    CHECK(event_compare(&a, &b) < 0 && event_compare(&b, &a) > 0);
    /* Recorded after 7: before 8, whatever its own number. */
    struct event c = a;
    c.seq = 20, c.after = 7;
    CHECK(event_compare(&a, &c) < 0 && event_compare(&c, &b) < 0);
    c.kind = kind_of(KIND_step_prescribed);
    CHECK(event_compare(&b, &c) < 0);
    c.on = 99;
    CHECK(event_compare(&c, &a) < 0);
}

/* ---- schemas ---- */

static void check_schema(const struct kind *k, const struct json *schema)
{
    const struct json *properties = json_get(schema, "properties"), *required = json_get(schema, "required");
    uint32_t given = 0, needed = 0;
    for (unsigned i = 0; i < k->field_count; i++) {
        const struct json *property = json_get(properties, k->fields[i].name);
        CHECK((property != NULL) == (k->fields[i].presence <= OPTIONAL));
        CHECK(property == NULL || (json_get(property, "title") && json_get(property, "type")));
        given += property != NULL;
        needed += k->fields[i].presence == REQUIRED;
    }
    CHECK_INT(properties->count, given);
    CHECK_INT(required->count, needed);
    CHECK(!json_get(schema, "additionalProperties")->truth);
}

TEST(event_schema_of_every_kind)
{
    struct json_out out;
    start();
    json_out_init(&out, 1 << 20);
    for (unsigned i = 0; i < catalogue_count(); i++)
        for (int french = 0; french < 2; french++) {
            json_out_reset(&out);
            kind_to_schema(&out, catalogue_at(i), french);
            check_schema(catalogue_at(i), parsed((struct text){ out.at, (uint32_t)out.bytes }));
            arena_reset(&arena);
        }
    json_out_free(&out);
}

/* What is said of the data, in both languages. */
static const struct {
    const char *command, *content_command, *data, *fr, *en;
} said[] = {
    { "record_contact", NULL, "{\"channel\":\"interview\",\"signed\":true,\"minutes\":45,\"summary\":\"vu\"}",
      "forme du contact : entretien en face à face ; émargement du participant : oui ; durée en minutes : 45 ; ce qui a été dit et décidé : vu",
      "how it took place: interview, face to face; signed by the participant: yes; minutes: 45; what was said and decided: vu" },
    { "check_eligibility", NULL, "{\"criteria\":[\"rsa\",\"in_territory\"],\"valid_until\":\"2021-03-01\"}",
      "critères remplis : bénéficiaire du RSA, habite le territoire ; valable jusqu'au : 2021-03-01",
      "criteria met: receives RSA, lives in the territory; valid until: 2021-03-01" },
    { "record_hours", NULL, "{\"from_day\":\"2018-02-01\",\"until_day\":\"2018-02-28\",\"hours\":140.5}",
      "du : 2018-02-01 ; au : 2018-02-28 ; heures : 140,50",
      "from: 2018-02-01; until: 2018-02-28; hours: 140.50" },
    { "correct", "record_contact", "{\"event\":7,\"reason\":\"erreur\",\"content\":{\"on\":\"2018-02-01\",\"data\":{\"channel\":\"telephone\"}}}",
      "événement corrigé : 7 ; motif : erreur ; nouveau contenu : 2018-02-01 ; forme du contact : téléphone",
      "which event: 7; why: erreur; new content: 2018-02-01; how it took place: telephone" },
    { "tell_prescriber", NULL, NULL, "", "" },
};

TEST(event_in_words)
{
    start();
    for (unsigned i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct event e = { .kind = kind_commanded(text_of(said[i].command)) };
        struct problems p = { .count = 0 };
        const struct kind *content = said[i].content_command ? kind_commanded(text_of(said[i].content_command)) : NULL;
        e.data = arena_take(&arena, DATA_BYTES_MAX);
        CHECK(data_from_json(&arena, e.kind, content, said[i].data ? parsed(text_of(said[i].data)) : NULL, "/data", e.data, &p));
        CHECK_STR(event_words(&arena, &e, true).at, said[i].fr);
        CHECK_STR(event_words(&arena, &e, false).at, said[i].en);
    }
}
