using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace SpeechGan.Distributed;

/// <summary>What is made of the few collectives there are.</summary>
public static class Collectives
{
    private static readonly JsonSerializerOptions Wire = new()
    {
        // A loss that is not finite must reach the others, who stop for it. Numbers are shortest round-trip: the same bits arrive.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Whether it holds on any rank.</summary>
    public static bool Any(this IProcessGroup group, bool mine)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Size == 1 ? mine : group.Gather([mine ? (byte)1 : (byte)0]).Any(b => b[0] != 0);
    }

    /// <summary>What every rank has, in their order.</summary>
    public static T[] Share<T>(this IProcessGroup group, T mine)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Size == 1
            ? [mine]
            : [.. group.Gather(JsonSerializer.SerializeToUtf8Bytes(mine, Wire)).Select(b => JsonSerializer.Deserialize<T>(b, Wire)!)];
    }

    /// <summary>
    /// Does something on every rank and shares the results. Where it fails on one, all end: that one with its own exception, the others
    /// with its words.
    /// </summary>
    /// <exception cref="GroupException">It failed on another rank, or a rank is gone.</exception>
    public static T[] ShareTogether<T>(this IProcessGroup group, Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(work);
        if (group.Size == 1)
            return [work()];
        T mine;
        try
        {
            mine = work();
        }
        catch (Exception e) when (e is not GroupException)
        {
            group.Share(new Outcome<T>(default, e.Message));
            throw;
        }
        var all = group.Share(new Outcome<T>(mine, null));
        var failed = Array.FindIndex(all, o => o.Failure is not null);
        return failed < 0
            ? [.. all.Select(o => o.Result!)]
            : throw new GroupException($"Rank {failed} stopped, and the group with it. It reported: {all[failed].Failure}", group.Rank)
            {
                IsOfAnother = true,
            };
    }

    /// <summary>The same for what has no result to share.</summary>
    /// <exception cref="GroupException">It failed on another rank, or a rank is gone.</exception>
    public static void Together(this IProcessGroup group, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        group.ShareTogether(() =>
        {
            work();
            return true;
        });
    }

    /// <summary>Rank 0's bytes on every rank; the others' own are ignored.</summary>
    public static byte[] OfFirst(this IProcessGroup group, byte[] mine)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(mine);
        if (group.Size == 1)
            return mine;
        var length = BitConverter.ToInt32(group.Gather(BitConverter.GetBytes(mine.Length))[0]);
        using var scope = NewDisposeScope();
        var bytes = empty([length], ScalarType.Byte);
        if (group.Rank == 0)
            mine.CopyTo(bytes.bytes);
        group.Broadcast(bytes);
        return bytes.bytes.ToArray();
    }

    private sealed record Outcome<T>(T? Result, string? Failure);
}
