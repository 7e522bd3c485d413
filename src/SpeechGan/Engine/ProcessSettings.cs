using System.Runtime.InteropServices;
using System.Text;

namespace SpeechGan.Engine;

/// <summary>
/// What must be set in this process before libtorch is loaded: how malloc treats large blocks, how OpenMP's threads wait, what libtorch
/// says. The only calls to libc are here; where there is no glibc (Windows, macOS, musl) nothing is set. A variable of the user's goes
/// before ours. docs/speed.md has what it gains.
/// </summary>
public static class ProcessSettings
{
    // <malloc.h>
    private const int TrimThreshold = -1,
        TopPad = -2,
        MapMaximum = -4,
        ArenaMaximum = -8;

    // Blocks are kept and used again: given back at every free, their pages are zeroed by the kernel each time. A threshold for mmap cannot
    // say it (glibc refuses more than 32 MB): no block is mapped at all. -1 never trims.
    private static readonly (string Name, int Option, int Value, string Variable, string Tunable)[] Memory =
    [
        ("M_ARENA_MAX", ArenaMaximum, 1, "MALLOC_ARENA_MAX", "glibc.malloc.arena_max"),
        ("M_MMAP_MAX", MapMaximum, 0, "MALLOC_MMAP_MAX_", "glibc.malloc.mmap_max"),
        ("M_TRIM_THRESHOLD", TrimThreshold, -1, "MALLOC_TRIM_THRESHOLD_", "glibc.malloc.trim_threshold"),
        ("M_TOP_PAD", TopPad, 128 << 20, "MALLOC_TOP_PAD_", "glibc.malloc.top_pad"),
    ];

    private static readonly (string Name, string Value)[] Variables =
    [
        // A waiting thread of OpenMP must not spin: where another program runs, a step takes many times as long.
        ("OMP_WAIT_POLICY", "passive"),
        // Warnings of libtorch's are for its developers ("Could not initialize NNPACK", once a convolution); errors come as exceptions.
        ("TORCH_CPP_LOG_LEVEL", "ERROR"),
    ];

    private static readonly Lazy<IReadOnlyList<ProcessSetting>> Applied = new(() => Apply(Environment.GetEnvironmentVariable));

    /// <summary>Sets them, once; what is in force, in the order of setting. Empty where there is no glibc.</summary>
    public static IReadOnlyList<ProcessSetting> InForce => Applied.Value;

    /// <summary>
    /// A variable as libc and the libraries under it see it; null where it is not set or there is no glibc.
    /// Environment.GetEnvironmentVariable does not see what was set here.
    /// </summary>
    public static unsafe string? OfLibc(string name)
    {
        if (!TryLibc(out var libc))
            return null;
        var read = (delegate* unmanaged<byte*, byte*>)NativeLibrary.GetExport(libc, "getenv");
        fixed (byte* key = Terminated(name))
            return Marshal.PtrToStringUTF8((nint)read(key));
    }

    private static unsafe List<ProcessSetting> Apply(Func<string, string?> environment)
    {
        var done = new List<ProcessSetting>();
        if (!TryLibc(out var libc))
            return done;
        var mallopt = (delegate* unmanaged<int, int, int>)NativeLibrary.GetExport(libc, "mallopt");
        foreach (var (name, option, value, variable, tunable) in Memory)
        {
            if (UsersMemory(environment, variable, tunable) is { } users)
                done.Add(new ProcessSetting(name, users, IsUsers: true));
            else if (mallopt(option, value) != 0)
                done.Add(new ProcessSetting(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture), IsUsers: false));
        }
        var setenv = (delegate* unmanaged<byte*, byte*, int, int>)NativeLibrary.GetExport(libc, "setenv");
        foreach (var (name, value) in Variables)
        {
            if (environment(name) is { } users)
            {
                done.Add(new ProcessSetting(name, users, IsUsers: true));
                continue;
            }
            fixed (
                byte* key = Terminated(name),
                    text = Terminated(value)
            )
            {
                if (setenv(key, text, 1) == 0)
                    done.Add(new ProcessSetting(name, value, IsUsers: false));
            }
        }
        return done;
    }

    /// <summary>
    /// What the user wants of one of malloc's settings: its variable, or all of GLIBC_TUNABLES where that names it; null: nothing.
    /// </summary>
    internal static string? UsersMemory(Func<string, string?> environment, string variable, string tunable) =>
        environment(variable) is { Length: > 0 } own
            ? own
            : environment("GLIBC_TUNABLES")
                ?.Split(':')
                .FirstOrDefault(t => t.StartsWith(tunable + "=", StringComparison.Ordinal))
                ?[(tunable.Length + 1)..];

    // glibc alone has this name and both functions.
    private static bool TryLibc(out nint libc)
    {
        libc = 0;
        return OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libc.so.6", out libc)
            && NativeLibrary.TryGetExport(libc, "gnu_get_libc_version", out _)
            && NativeLibrary.TryGetExport(libc, "mallopt", out _);
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');
}

/// <summary>One setting of this process.</summary>
/// <param name="Name">An option of mallopt, or a variable.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsUsers">Whether the environment said so; ours otherwise.</param>
public sealed record ProcessSetting(string Name, string Value, bool IsUsers);
