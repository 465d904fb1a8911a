/* Which records a client wants: a condition as a tree, without syntax and without SQL. Plain data.
 *
 * Truth has three values, as in OData 4.01 part 2 section 5.1.1 and in SQL: a text function of null
 * is null, AND, OR and NOT carry null on, and a record is wanted only where the whole is true. A
 * comparison is true or false, never null: null equals null and nothing else, and nothing is
 * greater or less than null.
 *
 * Texts are compared without regard to the case of the letters A to Z, in the order of their bytes
 * otherwise, in every store alike. */
#ifndef MUSTER_DOMAIN_FILTER_H
#define MUSTER_DOMAIN_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/guid.h"
#include "base/slice.h"

/* Bounds that a reader of conditions keeps, so that every walk over a tree is short. */
#define FILTER_DEPTH_AT_MOST 20
#define FILTER_TERMS_AT_MOST 200 /* comparisons, functions and members of lists together */

/* What a field holds. */
enum field_type {
    FIELD_TEXT,
    FIELD_GUID,    /* a text that is a GUID: compared as one where the other side is one, too */
    FIELD_INSTANT, /* an instant */
    FIELD_INTEGER,
    FIELD_BOOLEAN, /* 0 or 1 */
};

enum filter_value_kind {
    FILTER_VALUE_NULL,
    FILTER_VALUE_TEXT,
    FILTER_VALUE_GUID,
    FILTER_VALUE_INTEGER, /* of instants, integers and booleans */
};

struct filter_value {
    enum filter_value_kind kind;
    union {
        struct slice text;
        struct guid guid;
        int64_t integer;
    };
};

enum filter_comparison {
    FILTER_EQUAL,
    FILTER_NOT_EQUAL,
    FILTER_GREATER,
    FILTER_GREATER_OR_EQUAL,
    FILTER_LESS,
    FILTER_LESS_OR_EQUAL,
};

enum filter_match { FILTER_STARTS_WITH, FILTER_ENDS_WITH, FILTER_CONTAINS };

enum filter_kind {
    FILTER_CONSTANT,
    FILTER_AND,
    FILTER_OR,
    FILTER_NOT,
    FILTER_IS, /* whether the operand is true (or false), and not null */
    FILTER_COMPARE,
    FILTER_MEMBER, /* equal to one of several values */
    FILTER_MATCH,  /* a text function */
};

/* A field is a number of the record's own enumeration, such as enum profile_field. */
struct filter {
    enum filter_kind kind;
    union {
        bool constant;
        struct {
            const struct filter *left;
            const struct filter *right;
        } pair; /* AND, OR */
        struct {
            const struct filter *operand;
            bool expected; /* IS */
        } single;          /* NOT, IS */
        struct {
            unsigned field;
            enum filter_comparison comparison;
            struct filter_value value;
        } compare;
        struct {
            unsigned field;
            const struct filter_value *values;
            size_t count;
        } member;
        struct {
            unsigned field;
            enum filter_match match;
            struct slice text;
        } match;
    };
};

/* Less than, equal to or greater than 0, as texts are ordered here. Pure. */
int filter_compare_texts(struct slice a, struct slice b);

/* Whether the text function is true of the text. Pure. */
bool filter_matches_text(enum filter_match match, struct slice text, struct slice part);

#endif
