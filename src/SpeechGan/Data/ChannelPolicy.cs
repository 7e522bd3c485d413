namespace SpeechGan.Data;

/// <summary>What to do with a file of several channels (<c>data.channel</c>): the models work on one.</summary>
public enum ChannelPolicy
{
    /// <summary>Refuse the file, so that nobody trains on half of a recording unknowingly.</summary>
    Refuse,

    /// <summary>Take the first channel.</summary>
    First,

    /// <summary>Take the second channel.</summary>
    Second,

    /// <summary>Take the mean of all channels.</summary>
    Mean,
}

internal static class ChannelPolicies
{
    internal static void Check(string path, int channels, ChannelPolicy policy)
    {
        if (channels > 1 && policy == ChannelPolicy.Refuse)
            throw new AudioFileException(path, $"has {channels} channels, and one is needed. Say which to take with --set data.channel=first " +
                "(or second, or mean), or convert the file to mono.");
    }
}
