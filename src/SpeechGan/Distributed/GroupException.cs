namespace SpeechGan.Distributed;

/// <summary>The processes that train together are no group any more, or could not become one, in a sentence.</summary>
public sealed class GroupException : Exception
{
    /// <summary>Makes it.</summary>
    /// <param name="message">A sentence.</param>
    /// <param name="rank">The rank that tells it.</param>
    /// <param name="cause">What the engine said; null where another rank's words are the cause.</param>
    public GroupException(string message, int rank, Exception? cause = null)
        : base(message, cause) => Rank = rank;

    /// <summary>The rank that tells it.</summary>
    public int Rank { get; }

    /// <summary>Whether it only tells of another rank's failure, in that one's words.</summary>
    public bool IsOfAnother { get; init; }
}

/// <summary>The ranks hold different weights: a mistake in the program or a faulty machine, found before anything was saved.</summary>
public sealed class ReplicaException : Exception
{
    /// <summary>Makes it.</summary>
    public ReplicaException(string message, string tensor)
        : base(message) => Tensor = tensor;

    /// <summary>State-dict key of the first tensor that differs.</summary>
    public string Tensor { get; }
}
