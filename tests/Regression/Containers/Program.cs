namespace SpeechGan.Tests.Regression.Containers;

/// <summary>What `dotnet SpeechGan.Tests.Regression.dll hold` is: a process of the suite that has a container and a network, and never ends
/// by itself. A test kills it.</summary>
internal static class Program
{
    /// <summary>What the line with the container and the network begins with.</summary>
    internal const string Holds = "holds ";

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is not ["hold"])
        {
            await Console.Error.WriteLineAsync("This is a test suite: run it with dotnet test.");
            return 2;
        }
        await using var network = await Network.MakeAsync();
        await using var node = await Node.StartAsync(["600"], [], entrypoint: "/bin/sleep");
        Console.WriteLine($"{Holds}{node.Id} {network.Name}"); // Testcontainers writes its own lines here, too
        await new TaskCompletionSource().Task; // a test kills it
        return 0;
    }
}
