#include "service/service.h"

struct store_command *service_make_command(const struct service_call *call,
                                           enum store_command_kind kind) {
    struct store_command *command = arena_allocate_zeroed(call->arena, sizeof *command);
    command->kind = kind;
    command->loop = call->loop;
    command->arena = call->arena;
    command->now = call->now;
    command->actor = call->actor;
    command->tenant = call->tenant;
    command->precondition = call->precondition;
    return command;
}

struct store_query *service_make_query(const struct service_call *call,
                                       enum store_query_kind kind) {
    struct store_query *query = arena_allocate_zeroed(call->arena, sizeof *query);
    query->kind = kind;
    query->loop = call->loop;
    query->arena = call->arena;
    query->tenant = call->tenant;
    return query;
}
