/* What a query says of figures: which, of what period, grouped by what, among whom. Shared by the answers that count some. */
#ifndef DAEMON_FIGURES_ASKED_H
#define DAEMON_FIGURES_ASKED_H

#include "../projections/figures.h"
#include "answers.h"

/* ?from= and ?to=: this year until today when they are not given. False: refused. */
bool call_figures_period(struct call *, struct figures_asked *);
/* ?figure=, ?by=, ?referent= and a word of any dimension (?public=qpv). False: refused. */
bool call_figures(struct call *, struct figures_asked *);

#endif
