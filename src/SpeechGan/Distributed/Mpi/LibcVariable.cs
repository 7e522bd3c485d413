using System.Runtime.InteropServices;
using System.Text;

namespace SpeechGan.Distributed.Mpi;

/// <summary>Variables as native libraries see them, which are not those that Environment sets.</summary>
internal static unsafe class LibcVariable
{
    /// <summary>Sets a variable unless the environment has it; nothing where there is no glibc.</summary>
    public static void SetDefault(string name, string value)
    {
        if (
            !OperatingSystem.IsLinux()
            || Environment.GetEnvironmentVariable(name) is not null
            || !NativeLibrary.TryLoad("libc.so.6", out var libc)
        )
            return;
        var setenv = (delegate* unmanaged<byte*, byte*, int, int>)NativeLibrary.GetExport(libc, "setenv");
        fixed (
            byte* key = Encoding.UTF8.GetBytes(name + '\0'),
                text = Encoding.UTF8.GetBytes(value + '\0')
        )
            _ = setenv(key, text, 0);
    }
}
