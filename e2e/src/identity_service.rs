//! The identity service 身份服务: a certified OpenID Connect provider, run by Node from `e2e/identity-provider`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::process::Process;

/// What proves who the product is to it; as in `identity-provider/server.js`.
const SECRET: &str = "a secret that guards nobody, because nobody here exists";

/// A service of one's own.
pub struct IdentityService {
    issuer: String,
    _process: Process,
    dir: TempDir,
}

impl Default for IdentityService {
    fn default() -> Self {
        Self::start()
    }
}

impl IdentityService {
    /// Starts it; fails at once, with what to do, where its parts are not installed.
    #[must_use]
    pub fn start() -> Self {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("identity-provider");
        assert!(
            home.join("node_modules/oidc-provider").is_dir(),
            "the identity service is not installed: npm ci --prefix {} --ignore-scripts",
            home.display()
        );
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new("node");
        command.arg(home.join("server.js")).env("NODE_ENV", "production");
        let process = Process::start(&mut command, dir.path().join("service.log"));
        let said = process.says("ready ", Duration::from_secs(60));
        let ready = said.iter().find_map(|line| line.strip_prefix("ready "));
        let issuer = ready.expect("the service tells its address").trim().to_owned();
        Self { issuer, _process: process, dir }
    }

    /// What the product has to know of it.
    pub(crate) fn settings(&self) -> String {
        use std::os::unix::fs::PermissionsExt as _;
        let secret = self.dir.path().join("secret");
        std::fs::write(&secret, SECRET).unwrap();
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
        format!(
            "[identity]\nissuer = \"{}\"\nclient_id = \"chengxin\"\ntitle = \"省身份服务\"\n\
             client_secret_file = \"{}\"\n",
            self.issuer,
            secret.display()
        )
    }
}
