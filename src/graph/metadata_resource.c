#include "graph/metadata_resource.h"

#include "graph/metadata.h"
#include "graph/routes.h"

/* OData JSON Format 4.01 section 5. */
void metadata_resource_list_services(struct graph_call *call) {
    size_t count = 0;
    const struct graph_route *routes = routes_all(&count);
    struct json_writer writer = graph_call_open(call, 200);
    json_open_object(&writer);
    graph_call_write_context(call, &writer, NULL);
    json_write_name(&writer, "value");
    json_open_array(&writer);
    for (size_t i = 0; i < count; i++) {
        if (!routes_is_singleton(&routes[i]))
            continue;
        json_open_object(&writer);
        json_write_name(&writer, "name");
        json_write_string(&writer, routes[i].pattern);
        json_write_name(&writer, "kind");
        json_write_string(&writer, "Singleton");
        json_write_name(&writer, "url");
        json_write_string(&writer, routes[i].pattern);
        json_close_object(&writer);
    }
    json_close_array(&writer);
    json_close_object(&writer);
    graph_call_finish(call);
}

void metadata_resource_get(struct graph_call *call) {
    size_t count = 0;
    const struct graph_route *routes = routes_all(&count);
    (void)graph_call_open(call, 200);
    struct response *response = &call->exchange->response;
    response_set_header(response, SLICE("Content-Type"), SLICE("application/xml;charset=utf-8"));
    metadata_write(routes, count, call->address.version, &response->body);
    graph_call_finish(call);
}
