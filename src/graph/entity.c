#include "graph/entity.h"

#include "graph/odata_skiptoken.h"

static bool is_left_out(const struct graph_call *call, const struct entity_property *property,
                        size_t index) {
    return property->is_heavy && call->options.scope == ODATA_SCOPE_COLLECTION &&
           !odata_select_names(&call->options.selection, index);
}

void entity_write_properties(struct graph_call *call, struct json_writer *writer,
                             const struct entity_type *type, const void *entity) {
    for (size_t i = 0; i < type->property_count; i++) {
        const struct entity_property *property = &type->properties[i];
        if (!odata_select_shows(&call->options.selection, i))
            continue;
        json_write_name(writer, property->schema.name);
        if (is_left_out(call, property, i))
            json_write_null(writer);
        else
            property->write(call, writer, entity);
    }
}

void entity_write_context(struct graph_call *call, struct json_writer *writer,
                          const char *set_path) {
    graph_call_write_context(call, writer,
                             arena_format(&call->exchange->arena, "%s%.*s/$entity", set_path,
                                          SLICE_PRINTF(call->options.selection.suffix))
                                 .data);
}

struct json_writer entity_open_page(struct graph_call *call, const char *set_path,
                                    const struct listing_end *end) {
    struct arena *arena = &call->exchange->arena;
    struct json_writer writer = graph_call_open(call, 200);
    if (call->options.has_max_page_size)
        response_set_header(
            &call->exchange->response, SLICE("Preference-Applied"),
            arena_format(arena, "odata.maxpagesize=%zu", call->options.listing.limit));
    json_open_object(&writer);
    graph_call_write_context(
        call, &writer,
        arena_format(arena, "%s%.*s", set_path, SLICE_PRINTF(call->options.selection.suffix)).data);
    if (call->options.listing.wants_total) {
        json_write_name(&writer, "@odata.count");
        json_write_integer(&writer, end->total);
    }
    json_write_name(&writer, "value");
    json_open_array(&writer);
    return writer;
}

static void write_next_link(struct graph_call *call, struct json_writer *writer,
                            const char *set_path, const struct listing_end *end) {
    struct arena *arena = &call->exchange->arena;
    const struct odata_options *options = &call->options;
    struct slice token = odata_skiptoken_write(arena, options->fingerprint, options->listing.limit,
                                               &options->listing, &end->position);
    json_write_name(writer, "@odata.nextLink");
    json_write_text(writer,
                    arena_format(arena, "%.*s/%s?%.*s$skiptoken=%.*s", SLICE_PRINTF(call->root),
                                 set_path, SLICE_PRINTF(options->kept), SLICE_PRINTF(token)));
}

void entity_finish_page(struct graph_call *call, struct json_writer *writer, const char *set_path,
                        const struct listing_end *end) {
    json_close_array(writer);
    if (end->has_more)
        write_next_link(call, writer, set_path, end);
    json_close_object(writer);
    graph_call_finish(call);
}

void entity_answer_count(struct graph_call *call, const struct listing_end *end) {
    struct response *response = &call->exchange->response;
    response->status = 200;
    response_set_header(response, SLICE("Content-Type"), SLICE("text/plain"));
    response_set_header(response, SLICE("OData-Version"), SLICE("4.0"));
    buffer_append_unsigned(&response->body, (unsigned long long)end->total);
    graph_call_finish(call);
}
