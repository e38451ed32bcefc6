/* What the shim is told and what it notes: control file, call log, faults, retry counters. Part of shim.c alone. */
#pragma once
#include <fcntl.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- control file ---- */

/* The value of `key` (or `key.serial`, which wins) copied into `value`; 0 when the file does not name it. */
static int control_text(const char *key, const char *serial, char *value, size_t size)
{
    char line[512], exact[96];
    const char *path = getenv("SHIM_CTL");
    FILE *file = path ? fopen(path, "r") : NULL;
    int found = 0;
    if (!file) return 0;
    snprintf(exact, sizeof exact, "%s.%s", key, serial ? serial : "");
    while (fgets(line, sizeof line, file)) {
        char *equals = strchr(line, '=');
        if (!equals) continue;
        *equals = 0;
        line[strcspn(line, "\n")] = 0;
        equals[1 + strcspn(equals + 1, "\r\n")] = 0;
        int is_exact = serial && !strcmp(line, exact);
        if (is_exact || (!strcmp(line, key) && found < 2)) {
            snprintf(value, size, "%s", equals + 1);
            found = is_exact ? 2 : 1;
        }
    }
    fclose(file);
    return found;
}

static long control(const char *key, const char *serial, long otherwise)
{
    char value[64];
    return control_text(key, serial, value, sizeof value) ? strtol(value, NULL, 0) : otherwise;
}

static void beside(char *path, size_t size, const char *suffix)
{
    const char *ctl = getenv("SHIM_CTL");
    snprintf(path, size, "%s.%s", ctl ? ctl : "/nonexistent", suffix);
}

/* ---- log and faults ---- */

static void log_call(const char *function)
{
    char path[512], line[96], text[64];
    if (control_text("say", NULL, text, sizeof text)) {
        printf("%s\n", text);
        fflush(stdout);
        fprintf(stderr, "%s\n", text);
    }
    beside(path, sizeof path, "calls");
    int fd = open(path, O_WRONLY | O_APPEND);
    if (fd < 0) return;
    int length = snprintf(line, sizeof line, "%d %ld %d %s\n", getpid(), syscall(SYS_gettid),
                          prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), function);
    if (write(fd, line, length) < 0) perror("shim log");
    close(fd);
}

/* Perform every fault of this kind of line that names the function; the answer to give, or CKR_OK. */
static CK_RV fault(const char *key, const char *function)
{
    char line[256], format[64], name[64], kind[32], argument[64];
    const char *path = getenv("SHIM_CTL");
    FILE *file = path ? fopen(path, "r") : NULL;
    CK_RV answer = CKR_OK;
    if (!file) return CKR_OK;
    snprintf(format, sizeof format, "%s=%%63[^:]:%%31[^:\n]:%%63s", key);
    while (fgets(line, sizeof line, file)) {
        argument[0] = 0;
        if (sscanf(line, format, name, kind, argument) < 2) continue;
        if (strcmp(name, function) && strcmp(name, "*")) continue;
        if (!strcmp(kind, "rv")) answer = strtoul(argument, NULL, 0);
        else if (!strcmp(kind, "delay")) usleep(1000 * (useconds_t)atoi(argument));
        else if (!strcmp(kind, "segv")) *(volatile int *)0 = 1;
        else if (!strcmp(kind, "abort")) abort();
        else if (!strcmp(kind, "exit")) _exit(3);
        else if (!strcmp(kind, "hang")) for (;;) pause();
    }
    fclose(file);
    return answer;
}

#define ENTER_AS(name) do { log_call(name); CK_RV f_ = fault("fault", name); if (f_) return f_; } while (0)
#define LEAVE_AS(name, rv) do { CK_RV r_ = (rv); CK_RV f_ = fault("fault_after", name); return f_ ? f_ : r_; } while (0)
#define ENTER(name) ENTER_AS(#name)
#define LEAVE(name, rv) LEAVE_AS(#name, rv)

/* ---- retry counters ---- */

static long read_tries(const char *serial, long max)
{
    char name[64], path[512];
    long tries = max;
    snprintf(name, sizeof name, "tries.%s", serial);
    beside(path, sizeof path, name);
    FILE *file = fopen(path, "r");
    if (!file) return max;
    if (fscanf(file, "%ld", &tries) != 1) tries = max;
    fclose(file);
    return tries;
}

static void write_tries(const char *serial, long tries)
{
    char name[64], path[512], fresh[520];
    snprintf(name, sizeof name, "tries.%s", serial);
    beside(path, sizeof path, name);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "w");
    if (!file) return;
    fprintf(file, "%ld\n", tries);
    fclose(file);
    rename(fresh, path);
}

/* Count the outcome of one PIN presentation. */
static CK_RV count(const char *serial, long max, CK_RV rv)
{
    if (rv == CKR_OK) write_tries(serial, max);
    if (rv != CKR_PIN_INCORRECT) return rv;
    long left = read_tries(serial, max) - 1;
    write_tries(serial, left < 0 ? 0 : left);
    return left <= 0 ? CKR_PIN_LOCKED : rv;
}
