/* What the process does with memory that is freed. */
#include "base/memory.h"

#include <malloc.h>
#include <stdlib.h>

#include "test.h"

/* As much as the body of a large answer, and as much as is given back all the same. */
#define LARGE_BYTES ((size_t)2 * 1024 * 1024)
#define HUGE_BYTES ((size_t)64 * 1024 * 1024)

/* How many mappings of its own the C library makes for one block of that size. */
static size_t count_mappings(size_t size) {
    size_t before = mallinfo2().hblks;
    char *volatile block = memory_allocate(size);
    block[0] = 'x';
    size_t made = mallinfo2().hblks - before;
    free(block);
    return made;
}

static void a_large_block_is_not_mapped_anew_each_time(void **state) {
    (void)state;
    memory_keep_freed();
    /* Another allocator, such as a sanitizer's, says nothing. */
    if (count_mappings(HUGE_BYTES) == 0)
        skip();
    assert_int_equal(count_mappings(LARGE_BYTES), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_block_is_not_mapped_anew_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
