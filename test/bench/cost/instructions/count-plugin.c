/* A plugin of QEMU's: counts the instructions that a program executes, in all of its threads.
 *
 *   qemu-aarch64 -plugin libcount.so,out=PATH PROGRAM…     writes the number to PATH when the program ends
 *
 * What is used of the plugins' interface (QEMU's documentation, "QEMU TCG Plugins", version 1) is declared here: Debian
 * packages no header of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EXPORTED __attribute__((visibility("default")))

struct qemu_plugin_tb;
typedef uint64_t qemu_plugin_id_t;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*translated)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, void (*executed)(unsigned int, void *),
                                          enum qemu_plugin_cb_flags flags, void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*ended)(qemu_plugin_id_t, void *), void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);

EXPORTED int qemu_plugin_version = 1;

static uint64_t count;
static char path[4096];

static void executed(unsigned int processor, void *instructions) {
  (void)processor;
  __atomic_fetch_add(&count, (uintptr_t)instructions, __ATOMIC_RELAXED);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
  (void)id;
  qemu_plugin_register_vcpu_tb_exec_cb(block, executed, QEMU_PLUGIN_CB_NO_REGS,
                                       (void *)(uintptr_t)qemu_plugin_tb_n_insns(block));
}

static void ended(qemu_plugin_id_t id, void *data) {
  (void)id;
  (void)data;
  FILE *const file = fopen(path, "w");
  if (!file)
    return;
  fprintf(file, "%" PRIu64 "\n", count);
  fclose(file);
}

EXPORTED int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argument_count, char **arguments) {
  (void)info;
  static const char key[] = "out=";
  if (argument_count != 1 || strncmp(arguments[0], key, strlen(key)) != 0 || strlen(arguments[0]) >= sizeof path)
    return -1;
  strcpy(path, arguments[0] + strlen(key));
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, ended, NULL);
  return 0;
}
