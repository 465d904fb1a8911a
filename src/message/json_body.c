#include "message/json_body.h"

#include <stdio.h>
#include <string.h>

/* jansson ends its texts with the input at fault: " near '…'". */
static void drop_quoted_input(char *text) {
    char *near = strstr(text, " near ");
    if (near != NULL)
        *near = '\0';
}

static struct error describe(json_error_t *problem) {
    switch (json_error_code(problem)) {
    case json_error_duplicate_key:
        return error_make(ERROR_INVALID,
                          "The request body names a member twice (line %d, column %d). Give each "
                          "name once.",
                          problem->line, problem->column);
    case json_error_numeric_overflow:
        return error_make(ERROR_INVALID,
                          "The request body holds a number that is out of range (line %d, column "
                          "%d). An Int32 lies from -2147483648 to 2147483647.",
                          problem->line, problem->column);
    default:
        drop_quoted_input(problem->text);
        return error_make(ERROR_INVALID,
                          "The request body is not valid JSON: %s (line %d, column %d). Send one "
                          "JSON object in UTF-8.",
                          problem->text, problem->line, problem->column);
    }
}

struct error json_body_parse(struct slice body, json_t **object) {
    *object = NULL;
    if (body.length == 0)
        return error_make(ERROR_INVALID,
                          "The request body is empty. Send one JSON object with Content-Type: "
                          "application/json.");
    json_error_t problem;
    json_t *root =
        json_loadb(body.data, body.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &problem);
    if (root == NULL)
        return describe(&problem);
    if (!json_is_object(root)) {
        struct error error =
            error_make(ERROR_INVALID, "The request body must be a JSON object, not %s.",
                       json_body_type_name(root));
        json_decref(root);
        return error;
    }
    *object = root;
    return error_none();
}

struct slice json_body_copy_text(struct arena *arena, const json_t *text) {
    return arena_copy(
        arena, (struct slice){.data = json_string_value(text), .length = json_string_length(text)});
}

const char *json_body_type_name(const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "a whole number";
    case JSON_REAL:
        return "a number with a fraction or an exponent";
    case JSON_TRUE:
    case JSON_FALSE:
        return "a boolean";
    case JSON_NULL:
        break;
    }
    return "null";
}
