/* Text that grows, and the page of HTML made of it. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "../daemon/html.h"

static struct written w;

static const char *said(void)
{
    static char text[4096];
    snprintf(text, sizeof(text), "%.*s", TEXT_ARGS(written_so_far(&w)));
    w.bytes = 0;
    return text;
}

TEST(written_stops_at_its_limit_and_says_so)
{
    written_begin(&w, 10000);
    for (int i = 0; i < 9990; i++)
        written_string(&w, "x");
    written_print(&w, "%d", 123456);
    CHECK(!w.failed);
    CHECK_INT(w.bytes, 9996);
    written_text(&w, (struct text){ NULL, 0 });
    written_string(&w, "12345");
    CHECK(w.failed);
    written_string(&w, "1");
    CHECK_INT(w.bytes, 9996);
    written_end(&w);
    CHECK(!w.failed);
    CHECK_STR(said(), "");
}

TEST(characters_are_counted_in_bytes)
{
    struct text t = TEXT("aé€\xf0\x9f\x98\x80");
    CHECK_INT(character_bytes(t, 0), 1);
    CHECK_INT(character_bytes(t, 1), 2);
    CHECK_INT(character_bytes(t, 3), 3);
    CHECK_INT(character_bytes(t, 6), 4);
    t.bytes = 8;
    CHECK_INT(character_bytes(t, 6), 1);    /* cut short */
    CHECK_INT(character_bytes(TEXT("\xe9t"), 0), 1);
}

TEST(html_escapes_whatever_a_text_holds)
{
    written_begin(&w, 4096);
    html_text(&w, TEXT("Été <b>\"L'eau\"</b> & \x01\x7f\n"));
    CHECK_STR(said(), "Été &lt;b&gt;&quot;L&#39;eau&quot;&lt;/b&gt; &amp; \xef\xbf\xbd\xef\xbf\xbd\n");
    html_text(&w, (struct text){ NULL, 0 });
    CHECK_STR(said(), "");
    html_cell(&w, TEXT("<script>"), "color:red");
    CHECK_STR(said(), "<td style=\"color:red\">&lt;script&gt;</td>");
    written_end(&w);
}

TEST(html_is_one_page_with_its_tables)
{
    written_begin(&w, 4096);
    html_page(&w, TEXT("A & B"), true, NULL);
    html_heading(&w, 1, TEXT("A & B"), NULL);
    html_table(&w, "width:100%");
    html_row(&w, NULL);
    html_cell_heading(&w, TEXT("jour"), NULL);
    html_row_end(&w);
    html_table_end(&w);
    html_paragraph(&w, TEXT("fin"), NULL);
    html_page_end(&w);
    CHECK_STR(said(), "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<title>A &amp; B</title>\n</head>\n<body>\n"
                      "<h1>A &amp; B</h1>\n<table style=\"width:100%\">\n<tr><th scope=\"col\">jour</th></tr>\n</table>\n<p>fin</p>\n</body>\n</html>\n");
    html_page(&w, TEXT("x"), false, "td { color: black }");
    CHECK(strstr(said(), "<html lang=\"en\">"));
    html_page(&w, TEXT("x"), false, "td { color: black }");
    CHECK(strstr(said(), "<style>td { color: black }</style>"));
    written_end(&w);
}
