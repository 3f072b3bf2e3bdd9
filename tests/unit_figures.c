/* The table of figures: what every row must say. */
#include "../projections/figures.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

TEST(a_figure_that_divides_says_over_what_and_no_other_does)
{
    unsigned wrong = 0, divide = 0;
    for (unsigned i = 0; i < FIGURES; i++) {
        const struct figure *f = &figures[i];
        bool divides = figure_unit_divides(f->unit);
        bool said = f->over_fr && f->over_en && *f->over_fr && *f->over_en, silent = !f->over_fr && !f->over_en;
        divide += divides;
        if (divides ? said : silent)
            continue;
        wrong++;
        printf("%s: %s\n", f->name, divides ? "does not say over what" : "says over what, and does not divide");
    }
    CHECK_INT(wrong, 0);
    CHECK(divide > 30);
}
