using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Time by operator between its construction and <see cref="Stop"/>. Not part of TorchSharp's API.</summary>
/// <remarks>A time is the operator's own, without the operators it calls; on a GPU it is the time to launch.</remarks>
internal sealed class OperatorProfile
{
    internal OperatorProfile() => Native.sg_profile_start();

    /// <summary>Operators by time, the longest first.</summary>
    internal static unsafe IReadOnlyList<Row> Stop()
    {
        const int room = 1 << 17;
        var text = new byte[room];
        fixed (byte* p = text)
        {
            Native.sg_profile_stop(p, room);
            return [.. Marshal.PtrToStringUTF8((nint)p)!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 3))
                .Select(f => new Row(f[2], double.Parse(f[0], CultureInfo.InvariantCulture), long.Parse(f[1], CultureInfo.InvariantCulture)))];
        }
    }

    /// <summary>An operator's name, its own time, and how often it ran.</summary>
    internal sealed record Row(string Name, double Seconds, long Calls);
}
