/* What tokens and devices change of their profile: its row in profile_states, which nothing else
 * writes. It goes with the profile's own row, and whoever deletes that has its state forgotten.
 *
 * The writer remembers the states in which new tokens left their profiles (known_profiles.h); every
 * other change made here forgets the one that it concerns. All of it runs in the writer's
 * transaction, on its thread; the functions return false when the engine failed. */
#ifndef MUSTER_STORE_SQLITE_PROFILE_STATE_H
#define MUSTER_STORE_SQLITE_PROFILE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "domain/revision.h"
#include "domain/token.h"

struct command_runner;

/* Tokens that were replaced with an overlap, newest first: each one names the next older one, and
 * says until when anything from there on may be live, so that nobody has to walk past tokens that
 * are dead for good. */
struct token_overlap {
    int64_t token_id; /* 0: none */
    instant until;    /* INSTANT_NEVER: none */
};

/* What was told of the current token's expiry, as it is stored. */
enum told_expiry {
    TOLD_NOTHING = 0,
    TOLD_NEAR = 1, /* that it is about to expire */
    TOLD_ALL = 2,  /* that it has expired; or it was revoked, and there is nothing to tell */
};

struct profile_state {
    struct revision revision;
    int64_t current_id; /* 0: there never was a token; the next three say nothing then */
    instant current_expires;
    instant current_revoked; /* INSTANT_NEVER: it was not */
    enum told_expiry current_told;
    int64_t current_enrollments;
    struct token_overlap overlap;
};

/* Of a new profile, without a token. */
bool profile_state_insert(struct command_runner *runner, int64_t row, instant now) MUST_CHECK;

/* All zero when the profile is not there. */
bool profile_state_read(struct command_runner *runner, int64_t row,
                        struct profile_state *state) MUST_CHECK;

/* Makes a new token, whose created is the instant of the change, the current one. The state is the
 * one that was read, with the overlap that there is to be; it becomes the new one. */
bool profile_state_set_token(struct command_runner *runner, int64_t row, const struct token *token,
                             struct profile_state *state) MUST_CHECK;

/* Ends the current token at that instant, and all older ones. In the profile's row, so that it is
 * the same work for any number of tokens, and leaves none out because the clock was wrong when a
 * newer one was made. */
bool profile_state_revoke(struct command_runner *runner, int64_t row, instant ended) MUST_CHECK;

/* The revision that the change of something else makes. */
bool profile_state_touch(struct command_runner *runner, int64_t row, instant now) MUST_CHECK;

/* Adds to the number of devices, and to the enrollments of the current token. Makes a revision also
 * when both are 0. */
bool profile_state_count(struct command_runner *runner, int64_t row, int64_t devices,
                         int64_t enrollments) MUST_CHECK;

/* Says what was told of the current token's expiry. */
bool profile_state_tell(struct command_runner *runner, int64_t row,
                        enum told_expiry told) MUST_CHECK;

#endif
