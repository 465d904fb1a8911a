#include "base/debt_table.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct entry {
    instant paid_at; /* when nothing is owed any more */
    bool is_used;
    uint8_t key[];
};

struct debt_table {
    size_t sets;
    size_t key_size;
    size_t entry_size;
    instant at_most;
    uint64_t seed;
    uint8_t *entries;
};

struct debt_table *debt_table_open(size_t keys, size_t key_size, instant at_most,
                                   const struct random_source *random) {
    if (keys < DEBT_TABLE_SET_SIZE || keys % DEBT_TABLE_SET_SIZE != 0 || key_size == 0 ||
        key_size > DEBT_TABLE_KEY_SIZE_AT_MOST)
        abort();
    struct debt_table *table = memory_allocate_zeroed(1, sizeof *table);
    size_t alignment = _Alignof(struct entry);
    table->sets = keys / DEBT_TABLE_SET_SIZE;
    table->key_size = key_size;
    table->entry_size = (sizeof(struct entry) + key_size + alignment - 1) / alignment * alignment;
    table->at_most = at_most;
    table->entries = memory_allocate_zeroed(keys, table->entry_size);
    random_fill(random, &table->seed, sizeof table->seed);
    return table;
}

/* The last step of SplitMix64: every bit of the input moves every bit of the result. */
static uint64_t mix(uint64_t value) {
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}

static uint64_t read_word(const struct debt_table *table, const uint8_t *key, size_t at) {
    uint64_t word = 0;
    size_t left = table->key_size - at;
    memcpy(&word, key + at, left < sizeof word ? left : sizeof word);
    return word;
}

/* Keys with texts in them are mostly NUL bytes at their end, which need not be mixed in. */
static size_t find_set(const struct debt_table *table, const uint8_t *key) {
    uint64_t hash = table->seed;
    size_t words = (table->key_size + sizeof hash - 1) / sizeof hash;
    while (words > 0 && read_word(table, key, (words - 1) * sizeof hash) == 0)
        words--;
    for (size_t i = 0; i < words; i++)
        hash = mix(hash ^ read_word(table, key, i * sizeof hash)) + table->seed;
    return hash % table->sets;
}

static struct entry *entry_at(const struct debt_table *table, size_t set, size_t way) {
    return (struct entry *)(void *)(table->entries +
                                    (set * DEBT_TABLE_SET_SIZE + way) * table->entry_size);
}

static struct entry *find(const struct debt_table *table, size_t set, const void *key) {
    for (size_t i = 0; i < DEBT_TABLE_SET_SIZE; i++) {
        struct entry *entry = entry_at(table, set, i);
        if (entry->is_used && memcmp(entry->key, key, table->key_size) == 0)
            return entry;
    }
    return NULL;
}

static struct entry *find_or_make(struct debt_table *table, const void *key) {
    size_t set = find_set(table, key);
    struct entry *found = find(table, set, key);
    if (found != NULL)
        return found;
    struct entry *least = entry_at(table, set, 0);
    for (size_t i = 1; i < DEBT_TABLE_SET_SIZE; i++) {
        struct entry *entry = entry_at(table, set, i);
        if (entry->paid_at < least->paid_at)
            least = entry;
    }
    least->is_used = true;
    least->paid_at = INSTANT_NEVER;
    memcpy(least->key, key, table->key_size);
    return least;
}

static instant clamp(const struct debt_table *table, instant debt) {
    if (debt < 0)
        return 0;
    return debt > table->at_most ? table->at_most : debt;
}

instant debt_table_owed(const struct debt_table *table, const void *key, instant now) {
    const struct entry *entry = find(table, find_set(table, key), key);
    return entry == NULL ? 0 : clamp(table, entry->paid_at - now);
}

void debt_table_add(struct debt_table *table, const void *key, instant amount, instant now) {
    struct entry *entry = find_or_make(table, key);
    entry->paid_at = now + clamp(table, clamp(table, entry->paid_at - now) + amount);
}

void debt_table_close(struct debt_table *table) {
    if (table == NULL)
        return;
    free(table->entries);
    free(table);
}
