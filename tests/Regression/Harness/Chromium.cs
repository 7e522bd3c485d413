using System.Reflection;
using Microsoft.Playwright;

namespace SpeechGan.Tests.Regression.Harness;

/// <summary>The machine's own Chromium, driven headless; nothing is downloaded.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Usual = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    // Without these it calls home many times at its start.
    private static readonly string[] Quiet =
    [
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-gpu",
        "--mute-audio",
    ];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    /// <summary>Where it is: SPEECHGAN_CHROMIUM, or one of the usual names in PATH; null: nowhere.</summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable("SPEECHGAN_CHROMIUM") is { Length: > 0 } given
            ? given
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .SelectMany(p => Usual.Select(u => Path.Combine(p, u)))
                .FirstOrDefault(File.Exists);

    /// <summary>Starts it.</summary>
    public static async Task<Chromium> StartAsync(string program)
    {
        // The driver (a node of 120 MB) stays in the package cache.
        var version = typeof(IPlaywright).Assembly.GetName().Version!.ToString(3);
        var packages = typeof(Chromium)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "NuGetPackageRoot")
            .Value!;
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", Path.Combine(packages, "microsoft.playwright", version));
        var playwright = await Playwright.CreateAsync();
        return new Chromium(
            playwright,
            await playwright.Chromium.LaunchAsync(
                new()
                {
                    ExecutablePath = program,
                    Headless = true,
                    ChromiumSandbox = false,
                    Args = Quiet,
                }
            )
        );
    }

    /// <summary>A page of a size, with what it complained of and asked for.</summary>
    public async Task<OpenPage> OpenAsync(string file, int width, int height)
    {
        var context = await browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                IsMobile = width < 600,
                ColorScheme = ColorScheme.Light,
            }
        );
        var page = new OpenPage(await context.NewPageAsync());
        await page.Page.GotoAsync(new Uri(file).AbsoluteUri);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}

/// <summary>A page with its messages and requests.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Messages.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Messages.Add("error: " + error);
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>What stands in its console.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>Addresses it asked for.</summary>
    public List<string> Requests { get; } = [];

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
