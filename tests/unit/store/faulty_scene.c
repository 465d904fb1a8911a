#include "faulty_scene.h"

#include <stdlib.h>

int faulty_scene_set_up(void **state) {
    struct faulty_scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    faulty_vfs_install();
    scene->place = sqlite_place_make();
    void *engine = &scene->place.engine;
    assert_int_equal(kit_set_up(&engine), 0);
    scene->kit = engine;
    scene->profile = kit_create_profile(scene->kit, "Kiosk");
    scene->token = kit_create_token(scene->kit, &scene->profile, 3600, 0);
    *state = scene;
    return 0;
}

int faulty_scene_tear_down(void **state) {
    struct faulty_scene *scene = *state;
    void *kit = scene->kit;
    (void)kit_tear_down(&kit);
    sqlite_place_remove(&scene->place);
    faulty_vfs_remove();
    free(scene);
    return 0;
}

struct store_command faulty_scene_make_creation(struct faulty_scene *scene) {
    struct store_command command = kit_command(scene->kit, STORE_TOKEN_CREATE);
    command.token_create.set = scene->profile.set;
    command.token_create.profile_id = scene->profile.id;
    command.token_create.validity_seconds = 60;
    return command;
}

struct error faulty_scene_create_token(struct faulty_scene *scene) {
    struct store_command command = faulty_scene_make_creation(scene);
    return kit_run(scene->kit, &command);
}
