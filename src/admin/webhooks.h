/* The operator's view of webhooks, and the way past an event that a receiver never takes. */
#ifndef MUSTER_ADMIN_WEBHOOKS_H
#define MUSTER_ADMIN_WEBHOOKS_H

#include "admin/admin_call.h"

/* Answers with all of them. */
void webhooks_list(struct admin_call *call);

/* Gives up the event in turn of the webhook that the call's key names, and answers with it. */
void webhooks_skip(struct admin_call *call);

#endif
