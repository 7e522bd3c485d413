namespace SpeechGan.Engine;

/// <summary>A device is asked for that is not there.</summary>
public sealed class DeviceException : Exception
{
    /// <summary>Makes it.</summary>
    public DeviceException(string message) : base(message)
    {
    }
}
